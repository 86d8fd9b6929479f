import { searchParameterOf } from "@salus/health";

// A type, and its reference parameters with the types that they may point to; those that may point to
// anything are not named.
// Source: FHIR R4 (4.0.1), SearchParameter of each type: target.
const TABLE = `
Account: owner=Organization patient=Patient subject=Device,HealthcareService,Location,Organization,Patient,Practitioner,PractitionerRole
AdverseEvent: location=Location recorder=Patient,Practitioner,PractitionerRole,RelatedPerson resultingcondition=Condition study=ResearchStudy
  subject=Group,Patient,Practitioner,RelatedPerson substance=Device,Immunization,Medication,MedicationAdministration,MedicationStatement,Procedure,Substance
AllergyIntolerance: asserter,recorder=Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
Appointment: actor=Device,HealthcareService,Location,Patient,Practitioner,PractitionerRole,RelatedPerson based-on=ServiceRequest location=Location
  patient=Patient practitioner=Practitioner reason-reference=Condition,ImmunizationRecommendation,Observation,Procedure slot=Slot
AppointmentResponse: actor=Device,HealthcareService,Location,Patient,Practitioner,PractitionerRole,RelatedPerson appointment=Appointment location=Location
  patient=Patient practitioner=Practitioner
AuditEvent: agent,source=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
Basic: author=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
BodyStructure: patient=Patient
Bundle: composition=Composition message=MessageHeader
CapabilityStatement: guide=ImplementationGuide resource-profile,supported-profile=StructureDefinition
CarePlan: activity-reference=Appointment,CommunicationRequest,DeviceRequest,MedicationRequest,NutritionOrder,RequestGroup,ServiceRequest,Task,VisionPrescription
  based-on,part-of,replaces=CarePlan care-team=CareTeam condition=Condition encounter=Encounter goal=Goal
  instantiates-canonical=ActivityDefinition,Measure,OperationDefinition,PlanDefinition,Questionnaire patient=Patient
  performer=CareTeam,Device,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Group,Patient
CareTeam: encounter=Encounter participant=CareTeam,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient subject=Group,Patient
ChargeItem: account=Account context=Encounter,EpisodeOfCare enterer=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
  performer-actor=CareTeam,Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson performing-organization,requesting-organization=Organization
  service=DiagnosticReport,ImagingStudy,Immunization,MedicationAdministration,MedicationDispense,Observation,Procedure,SupplyDelivery subject=Group,Patient
Claim: care-team,provider=Organization,Practitioner,PractitionerRole detail-udi,item-udi,procedure-udi,subdetail-udi=Device encounter=Encounter
  enterer=Practitioner,PractitionerRole facility=Location insurer=Organization patient=Patient
  payee=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
ClaimResponse: insurer=Organization patient=Patient request=Claim requestor=Organization,Practitioner,PractitionerRole
ClinicalImpression: assessor=Practitioner,PractitionerRole encounter=Encounter finding-ref=Condition,Media,Observation
  investigation=DiagnosticReport,FamilyMemberHistory,ImagingStudy,Media,Observation,QuestionnaireResponse,RiskAssessment patient=Patient
  previous=ClinicalImpression problem=AllergyIntolerance,Condition subject=Group,Patient
CodeSystem: supplements=CodeSystem
Communication: encounter=Encounter instantiates-canonical=ActivityDefinition,Measure,OperationDefinition,PlanDefinition,Questionnaire patient=Patient
  recipient=CareTeam,Device,Group,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  sender=Device,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Group,Patient
CommunicationRequest: encounter=Encounter patient=Patient
  recipient=CareTeam,Device,Group,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson replaces=CommunicationRequest
  requester=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  sender=Device,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Group,Patient
Composition: attester=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  author=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson encounter=Encounter,EpisodeOfCare patient=Patient related-ref=Composition
ConceptMap: other=ConceptMap source,source-uri,target,target-uri=ValueSet
Condition: asserter=Patient,Practitioner,PractitionerRole,RelatedPerson encounter=Encounter patient=Patient subject=Group,Patient
Consent: actor=CareTeam,Device,Group,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  consentor=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson organization=Organization patient=Patient
  source-reference=Consent,Contract,DocumentReference,QuestionnaireResponse
Contract: authority=Organization domain=Location patient=Patient signer=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
Coverage: beneficiary,patient=Patient payor,policy-holder=Organization,Patient,RelatedPerson subscriber=Patient,RelatedPerson
CoverageEligibilityRequest: enterer=Practitioner,PractitionerRole facility=Location patient=Patient provider=Organization,Practitioner,PractitionerRole
CoverageEligibilityResponse: insurer=Organization patient=Patient request=CoverageEligibilityRequest requestor=Organization,Practitioner,PractitionerRole
DetectedIssue: author=Device,Practitioner,PractitionerRole patient=Patient
Device: location=Location organization=Organization patient=Patient
DeviceDefinition: parent=DeviceDefinition
DeviceMetric: parent,source=Device
DeviceRequest: device=Device encounter=Encounter,EpisodeOfCare instantiates-canonical=ActivityDefinition,PlanDefinition insurance=ClaimResponse,Coverage
  patient=Patient performer=CareTeam,Device,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  requester=Device,Organization,Practitioner,PractitionerRole subject=Device,Group,Location,Patient
DeviceUseStatement: device=Device patient=Patient subject=Group,Patient
DiagnosticReport: based-on=CarePlan,ImmunizationRecommendation,MedicationRequest,NutritionOrder,ServiceRequest encounter=Encounter,EpisodeOfCare media=Media
  patient=Patient performer,results-interpreter=CareTeam,Organization,Practitioner,PractitionerRole result=Observation specimen=Specimen
  subject=Device,Group,Location,Patient
DocumentManifest: author=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
  recipient=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Device,Group,Patient,Practitioner
DocumentReference: authenticator=Organization,Practitioner,PractitionerRole author=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  custodian=Organization encounter=Encounter,EpisodeOfCare patient=Patient relatesto=DocumentReference subject=Device,Group,Patient,Practitioner
Encounter: account=Account appointment=Appointment based-on=ServiceRequest diagnosis=Condition,Procedure episode-of-care=EpisodeOfCare location=Location
  part-of=Encounter participant=Practitioner,PractitionerRole,RelatedPerson patient=Patient practitioner=Practitioner
  reason-reference=Condition,ImmunizationRecommendation,Observation,Procedure service-provider=Organization subject=Group,Patient
Endpoint: organization=Organization
EnrollmentRequest: patient,subject=Patient
EnrollmentResponse: request=EnrollmentRequest
EpisodeOfCare: care-manager=Practitioner condition=Condition incoming-referral=ServiceRequest organization=Organization patient=Patient
ExplanationOfBenefit: care-team,provider=Organization,Practitioner,PractitionerRole claim=Claim coverage=Coverage
  detail-udi,item-udi,procedure-udi,subdetail-udi=Device encounter=Encounter enterer=Practitioner,PractitionerRole facility=Location patient=Patient
  payee=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
FamilyMemberHistory: instantiates-canonical=ActivityDefinition,Measure,OperationDefinition,PlanDefinition,Questionnaire patient=Patient
Flag: author=Device,Organization,Patient,Practitioner,PractitionerRole encounter=Encounter,EpisodeOfCare patient=Patient
  subject=Group,Location,Medication,Organization,Patient,PlanDefinition,Practitioner,Procedure
Goal: patient=Patient subject=Group,Organization,Patient
Group: managing-entity=Organization,Practitioner,PractitionerRole,RelatedPerson member=Device,Group,Medication,Patient,Practitioner,PractitionerRole,Substance
GuidanceResponse: patient=Patient subject=Group,Patient
HealthcareService: coverage-area,location=Location endpoint=Endpoint organization=Organization
ImagingStudy: basedon=Appointment,AppointmentResponse,CarePlan,ServiceRequest,Task encounter=Encounter endpoint=Endpoint
  interpreter,referrer=Practitioner,PractitionerRole patient=Patient performer=CareTeam,Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  subject=Device,Group,Patient
Immunization: location=Location manufacturer=Organization patient=Patient performer=Organization,Practitioner,PractitionerRole reaction=Observation
  reason-reference=Condition,DiagnosticReport,Observation
ImmunizationEvaluation: immunization-event=Immunization patient=Patient
ImmunizationRecommendation: patient=Patient support=Immunization,ImmunizationEvaluation
ImplementationGuide: depends-on=ImplementationGuide global=StructureDefinition
InsurancePlan: administered-by,owned-by=Organization endpoint=Endpoint
Invoice: account=Account issuer=Organization participant=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
  recipient=Organization,Patient,RelatedPerson subject=Group,Patient
Linkage: author=Organization,Practitioner,PractitionerRole
List: encounter=Encounter,EpisodeOfCare patient=Patient source=Device,Patient,Practitioner,PractitionerRole subject=Device,Group,Location,Patient
Location: endpoint=Endpoint organization=Organization partof=Location
MeasureReport: measure=Measure patient=Patient reporter=Location,Organization,Practitioner,PractitionerRole
  subject=CareTeam,Device,Group,HealthcareService,Location,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
Media: based-on=CarePlan,ServiceRequest device=Device,DeviceMetric encounter=Encounter
  operator=CareTeam,Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson patient=Patient
  subject=Device,Group,Location,Patient,Practitioner,PractitionerRole,Specimen
Medication: ingredient=Medication,Substance manufacturer=Organization
MedicationAdministration: context=Encounter,EpisodeOfCare device=Device medication=Medication patient=Patient
  performer=Device,Patient,Practitioner,PractitionerRole,RelatedPerson request=MedicationRequest subject=Group,Patient
MedicationDispense: context=Encounter,EpisodeOfCare destination=Location medication=Medication patient=Patient
  performer=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson prescription=MedicationRequest receiver=Patient,Practitioner
  responsibleparty=Practitioner,PractitionerRole subject=Group,Patient
MedicationKnowledge: ingredient=Substance manufacturer=Organization monograph=DocumentReference,Media
MedicationRequest: encounter=Encounter intended-dispenser=Organization
  intended-performer=CareTeam,Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson medication=Medication patient=Patient
  requester=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Group,Patient
MedicationStatement: context=Encounter,EpisodeOfCare medication=Medication
  part-of=MedicationAdministration,MedicationDispense,MedicationStatement,Observation,Procedure patient=Patient
  source=Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Group,Patient
MedicinalProductAuthorization: holder=Organization subject=MedicinalProduct,MedicinalProductPackaged
MedicinalProductContraindication: subject=Medication,MedicinalProduct
MedicinalProductIndication: subject=Medication,MedicinalProduct
MedicinalProductInteraction: subject=Medication,MedicinalProduct,Substance
MedicinalProductPackaged: subject=MedicinalProduct
MedicinalProductUndesirableEffect: subject=Medication,MedicinalProduct
MessageDefinition: parent=ActivityDefinition,PlanDefinition
MessageHeader: author,enterer=Practitioner,PractitionerRole receiver,responsible,sender=Organization,Practitioner,PractitionerRole target=Device
MolecularSequence: patient=Patient
NutritionOrder: encounter=Encounter,EpisodeOfCare instantiates-canonical=ActivityDefinition,PlanDefinition patient=Patient
  provider=Practitioner,PractitionerRole
Observation: based-on=CarePlan,DeviceRequest,ImmunizationRecommendation,MedicationRequest,NutritionOrder,ServiceRequest
  derived-from=DocumentReference,ImagingStudy,Media,MolecularSequence,Observation,QuestionnaireResponse device=Device,DeviceMetric
  encounter=Encounter,EpisodeOfCare has-member=MolecularSequence,Observation,QuestionnaireResponse
  part-of=ImagingStudy,Immunization,MedicationAdministration,MedicationDispense,MedicationStatement,Procedure patient=Patient
  performer=CareTeam,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson specimen=Specimen subject=Device,Group,Location,Patient
OperationDefinition: base=OperationDefinition input-profile,output-profile=StructureDefinition
Organization: endpoint=Endpoint partof=Organization
OrganizationAffiliation: endpoint=Endpoint location=Location network,participating-organization,primary-organization=Organization service=HealthcareService
Patient: general-practitioner=Organization,Practitioner,PractitionerRole link=Patient,RelatedPerson organization=Organization
PaymentNotice: provider=Organization,Practitioner,PractitionerRole
PaymentReconciliation: payment-issuer=Organization request=Task requestor=Organization,Practitioner,PractitionerRole
Person: link=Patient,Person,Practitioner,RelatedPerson organization=Organization patient=Patient practitioner=Practitioner relatedperson=RelatedPerson
PlanDefinition: definition=ActivityDefinition,PlanDefinition,Questionnaire
PractitionerRole: endpoint=Endpoint location=Location organization=Organization practitioner=Practitioner service=HealthcareService
Procedure: based-on=CarePlan,ServiceRequest encounter=Encounter,EpisodeOfCare
  instantiates-canonical=ActivityDefinition,Measure,OperationDefinition,PlanDefinition,Questionnaire location=Location
  part-of=MedicationAdministration,Observation,Procedure patient=Patient performer=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
  reason-reference=Condition,DiagnosticReport,DocumentReference,Observation,Procedure subject=Group,Patient
Provenance: agent=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson location=Location patient=Patient
QuestionnaireResponse: author=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson based-on=CarePlan,ServiceRequest encounter=Encounter
  part-of=Observation,Procedure patient=Patient questionnaire=Questionnaire source=Patient,Practitioner,PractitionerRole,RelatedPerson
RelatedPerson: patient=Patient
RequestGroup: author=Device,Practitioner,PractitionerRole encounter=Encounter participant=Device,Patient,Practitioner,PractitionerRole,RelatedPerson
  patient=Patient subject=Group,Patient
ResearchStudy: partof=ResearchStudy principalinvestigator=Practitioner,PractitionerRole protocol=PlanDefinition site=Location sponsor=Organization
ResearchSubject: individual,patient=Patient study=ResearchStudy
RiskAssessment: condition=Condition encounter=Encounter,EpisodeOfCare patient=Patient performer=Device,Practitioner,PractitionerRole subject=Group,Patient
Schedule: actor=Device,HealthcareService,Location,Patient,Practitioner,PractitionerRole,RelatedPerson
SearchParameter: component,derived-from=SearchParameter
ServiceRequest: based-on=CarePlan,MedicationRequest,ServiceRequest encounter=Encounter,EpisodeOfCare instantiates-canonical=ActivityDefinition,PlanDefinition
  patient=Patient performer=CareTeam,Device,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson replaces=ServiceRequest
  requester=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson specimen=Specimen subject=Device,Group,Location,Patient
Slot: schedule=Schedule
Specimen: collector=Practitioner,PractitionerRole parent=Specimen patient=Patient subject=Device,Group,Location,Patient,Substance
StructureDefinition: base=StructureDefinition valueset=ValueSet
Substance: substance-reference=Substance
SupplyDelivery: patient=Patient receiver=Practitioner,PractitionerRole supplier=Organization,Practitioner,PractitionerRole
SupplyRequest: requester=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson subject=Location,Organization,Patient
  supplier=HealthcareService,Organization
Task: encounter=Encounter owner=CareTeam,Device,HealthcareService,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson part-of=Task patient=Patient
  requester=Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
TestReport: testscript=TestScript
VisionPrescription: encounter=Encounter,EpisodeOfCare patient=Patient prescriber=Practitioner,PractitionerRole
`;

const TARGETS: ReadonlyMap<string, readonly string[]> = readTable();
const ANY: readonly string[] = [];

/** The types that a reference parameter may point to; empty where it may point to any. */
export function targetsOf(type: string, name: string): readonly string[] {
  const policy = searchParameterOf(type, name)?.targets ?? ANY;
  return policy.length > 0 ? policy : (TARGETS.get(`${type}.${name}`) ?? ANY);
}

function readTable(): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, readonly string[]>();
  let type = "";
  for (const word of TABLE.trim().split(/\s+/)) {
    if (word.endsWith(":")) {
      type = word.slice(0, -1);
      continue;
    }
    const [names = "", types = ""] = word.split("=");
    for (const name of names.split(",")) targets.set(`${type}.${name}`, types.split(","));
  }
  return targets;
}
