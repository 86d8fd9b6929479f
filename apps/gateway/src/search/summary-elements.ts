/** Which elements of a type an answer keeps when it is shortened. Choice elements end in `*`. */
export interface SummaryElements {
  /** Paths that are marked as part of the summary. */
  readonly summary: ReadonlySet<string>;
  /** Top-level elements that every resource of the type has. */
  readonly mandatory: readonly string[];
  /** Top-level elements that change what the others mean. */
  readonly modifiers: readonly string[];
}

// A type and its elements: with `!` where one is mandatory, with `?` where it is a modifier, with `-` in
// front where it is one of these and not part of the summary.
// Source: FHIR R4 (4.0.1), StructureDefinition of each type: isSummary, min, isModifier.
const TABLE = `
Account: identifier status!? type name subject servicePeriod coverage coverage.coverage coverage.priority owner description
ActivityDefinition: url identifier version name title status!? experimental date publisher contact description useContext jurisdiction
  effectivePeriod kind code doNotPerform?
AdverseEvent: identifier actuality!? category event subject! encounter date detected recordedDate resultingCondition location seriousness
  severity outcome recorder contributor suspectEntity suspectEntity.instance suspectEntity.causality suspectEntity.causality.assessment
  suspectEntity.causality.productRelatedness suspectEntity.causality.author suspectEntity.causality.method subjectMedicalHistory
  referenceDocument study
AllergyIntolerance: identifier clinicalStatus? verificationStatus? type category criticality code patient! asserter
Appointment: identifier status!? cancelationReason serviceCategory serviceType specialty appointmentType reasonCode start end -participant!
  participant.type participant.actor participant.required participant.status
AppointmentResponse: identifier appointment! participantType actor participantStatus!?
AuditEvent: type! subtype action recorded! outcome outcomeDesc purposeOfEvent -agent! agent.who agent.requestor -source! source.observer
  entity.what entity.name entity.query
Basic: identifier code!? subject created author
BiologicallyDerivedProduct: identifier
BodyStructure: identifier active? morphology location description patient!
CapabilityStatement: url version name title status!? experimental date! publisher contact useContext jurisdiction kind! instantiates imports
  software software.name software.version software.releaseDate implementation implementation.description implementation.url
  implementation.custodian fhirVersion! format! patchFormat implementationGuide rest rest.mode rest.security rest.security.cors
  rest.security.service rest.resource rest.resource.type rest.resource.profile rest.resource.supportedProfile rest.resource.operation
  rest.resource.operation.name rest.resource.operation.definition rest.operation messaging messaging.supportedMessage
  messaging.supportedMessage.mode messaging.supportedMessage.definition document document.mode document.profile
CarePlan: identifier instantiatesCanonical instantiatesUri basedOn replaces partOf status!? intent!? category title description subject!
  encounter period created author addresses
CareTeam: identifier status? category name subject encounter period participant.role participant.member participant.onBehalfOf
  managingOrganization
CatalogEntry: identifier orderable! referencedItem!
ChargeItem: identifier status!? code! subject! context occurrence* quantity bodysite enterer enteredDate account
ChargeItemDefinition: url! identifier version title derivedFromUri partOf replaces status!? experimental date publisher contact description
  useContext jurisdiction effectivePeriod code
Claim: status!? type! use! patient! billablePeriod created! insurer provider! priority! insurance! insurance.sequence insurance.focal
  insurance.coverage
ClaimResponse: status!? type! use! patient! created! insurer! request outcome! total total.category total.amount
ClinicalImpression: identifier status!? code description subject! encounter effective* date assessor problem
CodeSystem: url identifier version name title status!? experimental date publisher contact useContext jurisdiction caseSensitive valueSet
  hierarchyMeaning compositional versionNeeded content! supplements count filter filter.code filter.description filter.operator filter.value
  property property.code property.uri property.description property.type
Communication: identifier instantiatesCanonical instantiatesUri basedOn partOf status!? statusReason priority subject encounter reasonCode
  reasonReference
CommunicationRequest: identifier basedOn replaces groupIdentifier status!? priority doNotPerform? encounter occurrence* authoredOn requester
  sender reasonCode reasonReference
CompartmentDefinition: url! version name! status!? experimental date publisher contact useContext code! search! resource resource.code
  resource.param
Composition: identifier status!? type! category subject encounter date! author! title! confidentiality custodian event event.code
  event.period event.detail
ConceptMap: url identifier version name title status!? experimental date publisher contact useContext jurisdiction source* target*
Condition: identifier clinicalStatus? verificationStatus? code bodySite subject! encounter onset* recordedDate recorder asserter
  evidence.code evidence.detail
Consent: identifier status!? scope!? category! patient dateTime performer organization source* policyRule verification verification.verified
  provision provision.type provision.period provision.action provision.securityLabel provision.purpose provision.class provision.code
  provision.dataPeriod provision.data provision.data.meaning provision.data.reference
Contract: identifier version status? issued applies subject name title type subType term.identifier term.issued term.applies term.text
  term.offer.topic
Coverage: identifier status!? type policyHolder subscriber subscriberId beneficiary! dependent period payor! class.type class.value
  class.name order network costToBeneficiary.type costToBeneficiary.value* costToBeneficiary.exception.type
  costToBeneficiary.exception.period
CoverageEligibilityRequest: status!? purpose! patient! created! insurer!
CoverageEligibilityResponse: status!? purpose! patient! created! request! outcome! insurer! insurance.coverage
DetectedIssue: identifier status!? code severity patient identified* author implicated
Device: udiCarrier udiCarrier.deviceIdentifier udiCarrier.carrierAIDC udiCarrier.carrierHRF status? safety
DeviceDefinition: safety parentDevice bodySite
DeviceMetric: identifier type! unit source parent operationalStatus color category! measurementPeriod calibration calibration.type
  calibration.state calibration.time
DeviceRequest: identifier instantiatesCanonical instantiatesUri basedOn priorRequest groupIdentifier status? intent!? priority code*!
  subject! encounter occurrence* authoredOn requester performerType performer reasonCode reasonReference
DeviceUseStatement: identifier basedOn status!? subject! derivedFrom timing* recordedOn source device! reasonCode reasonReference bodySite
DiagnosticReport: identifier status!? category code! subject encounter effective* issued performer resultsInterpreter media media.link
DocumentManifest: masterIdentifier identifier status!? type subject author description content!
DocumentReference: masterIdentifier identifier status!? docStatus type category subject date author relatesTo relatesTo.code
  relatesTo.target description securityLabel content! content.attachment content.format context context.period
EffectEvidenceSynthesis: url identifier version name title status!? date publisher contact description useContext jurisdiction
  effectivePeriod population! exposure! exposureAlternative! outcome! effectEstimate
Encounter: identifier status!? class! type serviceType subject episodeOfCare participant participant.type participant.individual appointment
  reasonCode reasonReference diagnosis diagnosis.condition
Endpoint: identifier status!? connectionType! name managingOrganization period payloadType! payloadMimeType address!
EnrollmentRequest: status?
EnrollmentResponse: status?
EpisodeOfCare: status!? type diagnosis diagnosis.condition diagnosis.role diagnosis.rank patient! managingOrganization period
EventDefinition: url identifier version name title status!? experimental date publisher contact useContext jurisdiction approvalDate
  lastReviewDate effectivePeriod trigger!
Evidence: url identifier version name title status!? date publisher contact description useContext jurisdiction effectivePeriod
  exposureBackground! exposureVariant outcome
EvidenceVariable: url identifier version name title shortTitle status!? date publisher contact description useContext jurisdiction
  effectivePeriod type characteristic characteristic.definitionReference characteristic.definitionCanonical
  characteristic.definitionCodeableConcept characteristic.definitionExpression characteristic.definitionId
  characteristic.definitionByTypeAndValue characteristic.definitionByTypeAndValue.type characteristic.definitionByTypeAndValue.value*
ExampleScenario: url identifier version name status!? experimental date publisher contact useContext jurisdiction process.title
ExplanationOfBenefit: status!? type! use! patient! billablePeriod created! insurer! provider! outcome! insurance! insurance.focal
  insurance.coverage total total.category total.amount
FamilyMemberHistory: identifier instantiatesCanonical instantiatesUri status!? dataAbsentReason patient! date name relationship! sex age*
  estimatedAge deceased* reasonCode reasonReference
Flag: identifier status!? category code! subject! period encounter author
Goal: lifecycleStatus!? achievementStatus category priority description! subject! start* target.measure target.detail* target.due*
  statusDate expressedBy
GraphDefinition: url version name! status!? experimental date publisher contact useContext jurisdiction start!
Group: identifier active type! actual! code name quantity managingEntity
GuidanceResponse: requestIdentifier identifier module*! status!?
HealthcareService: identifier active? providedBy category type specialty location name comment photo
ImagingStudy: identifier status!? modality subject! encounter started basedOn referrer interpreter endpoint numberOfSeries numberOfInstances
  procedureReference procedureCode location reasonCode reasonReference note description series series.uid series.number series.modality
  series.description series.numberOfInstances series.endpoint series.bodySite series.laterality series.specimen series.started
  series.performer series.performer.function series.performer.actor
Immunization: status!? vaccineCode! patient! occurrence*! primarySource performer performer.function performer.actor note isSubpotent?
ImmunizationEvaluation: status!? patient! targetDisease! immunizationEvent! doseStatus!
ImmunizationRecommendation: identifier patient! date! recommendation! recommendation.vaccineCode recommendation.targetDisease
  recommendation.contraindicatedVaccineCode recommendation.forecastStatus recommendation.forecastReason recommendation.doseNumber*
ImplementationGuide: url! version name! title status!? experimental date publisher contact useContext jurisdiction packageId! license
  fhirVersion! dependsOn dependsOn.uri dependsOn.packageId dependsOn.version global global.type global.profile manifest.rendering
  manifest.resource manifest.resource.reference
InsurancePlan: identifier status? type name ownedBy administeredBy coverageArea plan.identifier plan.coverageArea
Invoice: identifier status!? type subject recipient date totalNet totalGross
Library: url identifier version name title status!? experimental type! date publisher contact description useContext jurisdiction
  effectivePeriod content
Linkage: active author item! item.type item.resource
List: status!? mode!? title code subject date source
Location: identifier status? operationalStatus name description mode type physicalType managingOrganization
Measure: url identifier version name title status!? experimental date publisher contact description useContext jurisdiction effectivePeriod
  disclaimer scoring compositeScoring type riskAdjustment rateAggregation rationale clinicalRecommendationStatement improvementNotation
  definition guidance
MeasureReport: identifier status!? type! measure! subject date reporter period! improvementNotation? group.code group.population.code
  group.measureScore
Media: identifier basedOn partOf status!? type modality view subject encounter created* issued operator reasonCode bodySite deviceName
  device height width frames duration content!
Medication: identifier code status? manufacturer amount
MedicationAdministration: instantiates partOf status!? medication*! subject! effective*! performer performer.actor
MedicationDispense: status!? medication*! subject whenPrepared
MedicationKnowledge: code status? manufacturer amount synonym
MedicationRequest: status!? intent!? priority doNotPerform? reported* medication*! subject! authoredOn requester performerType
  instantiatesCanonical instantiatesUri basedOn groupIdentifier
MedicationStatement: identifier basedOn partOf status!? category medication*! subject! context effective* dateAsserted
MedicinalProduct: identifier type domain combinedPharmaceuticalDoseForm legalStatusOfSupply additionalMonitoringIndicator specialMeasures
  paediatricUseIndicator productClassification marketingStatus pharmaceuticalProduct packagedMedicinalProduct attachedDocument masterFile
  contact clinicalTrial name! name.productName name.namePart name.namePart.part name.namePart.type name.countryLanguage
  name.countryLanguage.country name.countryLanguage.jurisdiction name.countryLanguage.language crossReference manufacturingBusinessOperation
  manufacturingBusinessOperation.operationType manufacturingBusinessOperation.authorisationReferenceNumber
  manufacturingBusinessOperation.effectiveDate manufacturingBusinessOperation.confidentialityIndicator
  manufacturingBusinessOperation.manufacturer manufacturingBusinessOperation.regulator specialDesignation specialDesignation.identifier
  specialDesignation.type specialDesignation.intendedUse specialDesignation.indication* specialDesignation.status specialDesignation.date
  specialDesignation.species
MedicinalProductAuthorization: identifier subject country jurisdiction status statusDate restoreDate validityPeriod dataExclusivityPeriod
  dateOfFirstAuthorization internationalBirthDate legalBasis jurisdictionalAuthorization jurisdictionalAuthorization.identifier
  jurisdictionalAuthorization.country jurisdictionalAuthorization.jurisdiction jurisdictionalAuthorization.legalStatusOfSupply
  jurisdictionalAuthorization.validityPeriod holder regulator procedure procedure.identifier procedure.type procedure.date*
  procedure.application
MedicinalProductContraindication: subject disease diseaseStatus comorbidity therapeuticIndication otherTherapy
  otherTherapy.therapyRelationshipType otherTherapy.medication* population
MedicinalProductIndication: subject diseaseSymptomProcedure diseaseStatus comorbidity intendedEffect duration otherTherapy
  otherTherapy.therapyRelationshipType otherTherapy.medication* undesirableEffect population
MedicinalProductIngredient: identifier role! allergenicIndicator manufacturer specifiedSubstance specifiedSubstance.code
  specifiedSubstance.group specifiedSubstance.confidentiality specifiedSubstance.strength specifiedSubstance.strength.presentation
  specifiedSubstance.strength.presentationLowLimit specifiedSubstance.strength.concentration
  specifiedSubstance.strength.concentrationLowLimit specifiedSubstance.strength.measurementPoint specifiedSubstance.strength.country
  specifiedSubstance.strength.referenceStrength specifiedSubstance.strength.referenceStrength.substance
  specifiedSubstance.strength.referenceStrength.strength specifiedSubstance.strength.referenceStrength.strengthLowLimit
  specifiedSubstance.strength.referenceStrength.measurementPoint specifiedSubstance.strength.referenceStrength.country substance
  substance.code substance.strength
MedicinalProductInteraction: subject description interactant interactant.item* type effect incidence management
MedicinalProductManufactured: manufacturedDoseForm! unitOfPresentation quantity! manufacturer ingredient physicalCharacteristics
  otherCharacteristics
MedicinalProductPackaged: identifier subject description legalStatusOfSupply marketingStatus marketingAuthorization manufacturer
  batchIdentifier batchIdentifier.outerPackaging batchIdentifier.immediatePackaging packageItem! packageItem.identifier packageItem.type
  packageItem.quantity packageItem.material packageItem.alternateMaterial packageItem.device packageItem.manufacturedItem
  packageItem.packageItem packageItem.physicalCharacteristics packageItem.otherCharacteristics packageItem.shelfLifeStorage
  packageItem.manufacturer
MedicinalProductPharmaceutical: identifier administrableDoseForm! unitOfPresentation ingredient device characteristics characteristics.code
  characteristics.status routeOfAdministration! routeOfAdministration.code routeOfAdministration.firstDose
  routeOfAdministration.maxSingleDose routeOfAdministration.maxDosePerDay routeOfAdministration.maxDosePerTreatmentPeriod
  routeOfAdministration.maxTreatmentPeriod routeOfAdministration.targetSpecies routeOfAdministration.targetSpecies.code
  routeOfAdministration.targetSpecies.withdrawalPeriod routeOfAdministration.targetSpecies.withdrawalPeriod.tissue
  routeOfAdministration.targetSpecies.withdrawalPeriod.value routeOfAdministration.targetSpecies.withdrawalPeriod.supportingInformation
MedicinalProductUndesirableEffect: subject symptomConditionEffect classification frequencyOfOccurrence population
MessageDefinition: url identifier version name title replaces status!? experimental date! publisher contact description useContext
  jurisdiction purpose base parent event*! category focus focus.code focus.min
MessageHeader: event*! destination destination.name destination.target destination.endpoint destination.receiver sender enterer author
  source! source.name source.software source.version source.contact source.endpoint responsible reason response response.identifier
  response.code response.details focus definition
MolecularSequence: identifier type coordinateSystem! patient specimen device performer quantity referenceSeq referenceSeq.chromosome
  referenceSeq.genomeBuild referenceSeq.orientation referenceSeq.referenceSeqId referenceSeq.referenceSeqPointer
  referenceSeq.referenceSeqString referenceSeq.strand referenceSeq.windowStart referenceSeq.windowEnd variant variant.start variant.end
  variant.observedAllele variant.referenceAllele variant.cigar variant.variantPointer observedSeq quality quality.type
  quality.standardSequence quality.start quality.end quality.score quality.method quality.truthTP quality.queryTP quality.truthFN
  quality.queryFP quality.gtFP quality.precision quality.recall quality.fScore quality.roc quality.roc.score quality.roc.numTP
  quality.roc.numFP quality.roc.numFN quality.roc.precision quality.roc.sensitivity quality.roc.fMeasure readCoverage repository
  repository.type repository.url repository.name repository.datasetId repository.variantsetId repository.readsetId pointer structureVariant
  structureVariant.variantType structureVariant.exact structureVariant.length structureVariant.outer structureVariant.outer.start
  structureVariant.outer.end structureVariant.inner structureVariant.inner.start structureVariant.inner.end
NamingSystem: name! status!? kind! date! publisher contact useContext jurisdiction uniqueId! uniqueId.type uniqueId.value
NutritionOrder: instantiatesCanonical instantiatesUri status!? intent!? patient! dateTime! orderer oralDiet.type oralDiet.instruction
  supplement.type supplement.instruction enteralFormula.baseFormulaType enteralFormula.administrationInstruction
Observation: identifier basedOn partOf status!? code! subject focus encounter effective* issued performer value* hasMember derivedFrom
  component component.code component.value*
ObservationDefinition: category code! identifier
OperationDefinition: url version name! title status!? kind! experimental date publisher contact useContext jurisdiction affectsState code!
  base resource system! type! instance!
Organization: identifier active? type name partOf
OrganizationAffiliation: identifier active period organization participatingOrganization network code specialty location telecom
Patient: identifier active? name telecom gender birthDate deceased*? address managingOrganization link? link.other link.type
PaymentNotice: status!? created! payment! recipient! amount!
PaymentReconciliation: status!? period created! paymentIssuer paymentDate! paymentAmount!
Person: name telecom gender birthDate managingOrganization active?
PlanDefinition: url identifier version name title type status!? experimental date publisher contact description useContext jurisdiction
  effectivePeriod
Practitioner: identifier active name telecom address gender birthDate
PractitionerRole: identifier active period practitioner organization code specialty location telecom
Procedure: identifier instantiatesCanonical instantiatesUri basedOn partOf status!? statusReason category code subject! encounter performed*
  recorder asserter performer performer.function performer.actor location reasonCode reasonReference bodySite outcome
Provenance: target! recorded! -agent! agent.type agent.who entity.role entity.what
Questionnaire: url identifier version name title status!? experimental subjectType date publisher contact useContext jurisdiction
  effectivePeriod code
QuestionnaireResponse: identifier basedOn partOf questionnaire status!? subject encounter authored author source
RelatedPerson: identifier active? patient! relationship name telecom gender birthDate address
RequestGroup: identifier instantiatesCanonical instantiatesUri groupIdentifier status!? intent!? priority code action.description
  action.textEquivalent
ResearchDefinition: url identifier version name title status!? experimental date publisher contact description useContext jurisdiction
  effectivePeriod population! exposure exposureAlternative outcome
ResearchElementDefinition: url identifier version name title shortTitle status!? experimental date publisher contact description useContext
  jurisdiction effectivePeriod type! characteristic! characteristic.definition*
ResearchStudy: identifier title protocol partOf status!? primaryPurposeType phase studyDesign category focus condition contact keyword
  location region enrollment period sponsor principalInvestigator site reasonStopped whyStopped recruitment recruitment.actualGroup result
ResearchSubject: identifier status!? period study! individual!
RiskAssessment: identifier status! method code subject! encounter occurrence* condition performer
RiskEvidenceSynthesis: url identifier version name title status!? date publisher contact description useContext jurisdiction effectivePeriod
  population! exposure outcome! riskEstimate
Schedule: identifier active? serviceCategory serviceType specialty actor! planningHorizon
SearchParameter: url! version name! status!? experimental date publisher contact description! useContext jurisdiction code! base! type!
ServiceRequest: identifier instantiatesCanonical instantiatesUri basedOn replaces requisition status!? intent!? category priority
  doNotPerform? code orderDetail quantity* subject! encounter occurrence* asNeeded* authoredOn requester performerType performer
  locationCode locationReference reasonCode reasonReference specimen bodySite patientInstruction
Slot: identifier serviceCategory serviceType specialty appointmentType schedule! status! start! end!
Specimen: identifier accessionIdentifier status? type subject receivedTime collection.collector collection.collected* collection.duration
  collection.fastingStatus* container.identifier condition
SpecimenDefinition: identifier typeCollected patientPreparation timeAspect collection
StructureDefinition: url! identifier version name! title status!? experimental date publisher contact useContext jurisdiction keyword
  fhirVersion kind! abstract! context context.type context.expression contextInvariant type! baseDefinition derivation
StructureMap: url! identifier version name! title status!? experimental date publisher contact useContext jurisdiction structure
  structure.url structure.mode structure.alias import group! group.name group.extends group.typeMode group.documentation group.input
  group.input.name group.input.type group.input.mode group.rule group.rule.name group.rule.source group.rule.source.context
  group.rule.source.min group.rule.source.max group.rule.source.type group.rule.source.defaultValue* group.rule.source.element
  group.rule.source.listMode group.rule.source.variable group.rule.source.condition group.rule.source.check group.rule.source.logMessage
  group.rule.target group.rule.target.context group.rule.target.contextType group.rule.target.element group.rule.target.variable
  group.rule.target.listMode group.rule.target.listRuleId group.rule.target.transform group.rule.target.parameter
  group.rule.target.parameter.value* group.rule.rule group.rule.dependent group.rule.dependent.name group.rule.dependent.variable
Subscription: status!? contact end reason! criteria! error channel! channel.type channel.endpoint channel.payload channel.header
SubscriptionStatus: status type!? eventsSinceSubscriptionStart subscription! topic error
Substance: identifier status? category code! description instance instance.identifier instance.expiry instance.quantity ingredient
  ingredient.quantity ingredient.substance*
SubstanceNucleicAcid: sequenceType numberOfSubunits areaOfHybridisation oligoNucleotideType subunit subunit.subunit subunit.sequence
  subunit.length subunit.sequenceAttachment subunit.fivePrime subunit.threePrime subunit.linkage subunit.linkage.connectivity
  subunit.linkage.identifier subunit.linkage.name subunit.linkage.residueSite subunit.sugar subunit.sugar.identifier subunit.sugar.name
  subunit.sugar.residueSite
SubstancePolymer: class geometry copolymerConnectivity modification monomerSet monomerSet.ratioType monomerSet.startingMaterial
  monomerSet.startingMaterial.material monomerSet.startingMaterial.type monomerSet.startingMaterial.isDefining
  monomerSet.startingMaterial.amount repeat repeat.numberOfUnits repeat.averageMolecularFormula repeat.repeatUnitAmountType
  repeat.repeatUnit repeat.repeatUnit.orientationOfPolymerisation repeat.repeatUnit.repeatUnit repeat.repeatUnit.amount
  repeat.repeatUnit.degreeOfPolymerisation repeat.repeatUnit.degreeOfPolymerisation.degree repeat.repeatUnit.degreeOfPolymerisation.amount
  repeat.repeatUnit.structuralRepresentation repeat.repeatUnit.structuralRepresentation.type
  repeat.repeatUnit.structuralRepresentation.representation repeat.repeatUnit.structuralRepresentation.attachment
SubstanceProtein: sequenceType numberOfSubunits disulfideLinkage subunit subunit.subunit subunit.sequence subunit.length
  subunit.sequenceAttachment subunit.nTerminalModificationId subunit.nTerminalModification subunit.cTerminalModificationId
  subunit.cTerminalModification
SubstanceReferenceInformation: comment gene gene.geneSequenceOrigin gene.gene gene.source geneElement geneElement.type geneElement.element
  geneElement.source classification classification.domain classification.classification classification.subtype classification.source target
  target.target target.type target.interaction target.organism target.organismType target.amount* target.amountType target.source
SubstanceSourceMaterial: sourceMaterialClass sourceMaterialType sourceMaterialState organismId organismName parentSubstanceId
  parentSubstanceName countryOfOrigin geographicalLocation developmentStage fractionDescription fractionDescription.fraction
  fractionDescription.materialType organism organism.family organism.genus organism.species organism.intraspecificType
  organism.intraspecificDescription organism.author organism.author.authorType organism.author.authorDescription organism.hybrid
  organism.hybrid.maternalOrganismId organism.hybrid.maternalOrganismName organism.hybrid.paternalOrganismId
  organism.hybrid.paternalOrganismName organism.hybrid.hybridType organism.organismGeneral organism.organismGeneral.kingdom
  organism.organismGeneral.phylum organism.organismGeneral.class organism.organismGeneral.order partDescription partDescription.part
  partDescription.partLocation
SubstanceSpecification: identifier type status domain description source comment moiety moiety.role moiety.identifier moiety.name
  moiety.stereochemistry moiety.opticalActivity moiety.molecularFormula moiety.amount* property property.category property.code
  property.parameters property.definingSubstance* property.amount* referenceInformation structure structure.stereochemistry
  structure.opticalActivity structure.molecularFormula structure.molecularFormulaByMoiety structure.isotope structure.isotope.identifier
  structure.isotope.name structure.isotope.substitution structure.isotope.halfLife structure.isotope.molecularWeight
  structure.isotope.molecularWeight.method structure.isotope.molecularWeight.type structure.isotope.molecularWeight.amount
  structure.molecularWeight structure.source structure.representation structure.representation.type structure.representation.representation
  structure.representation.attachment code code.code code.status code.statusDate code.comment code.source name name.name name.type
  name.status name.preferred name.language name.domain name.jurisdiction name.synonym name.translation name.official name.official.authority
  name.official.status name.official.date name.source molecularWeight relationship relationship.substance* relationship.relationship
  relationship.isDefining relationship.amount* relationship.amountRatioLowLimit relationship.amountType relationship.source nucleicAcid
  polymer protein sourceMaterial
SupplyDelivery: basedOn partOf status? occurrence*
SupplyRequest: identifier status? category priority item*! quantity! occurrence* authoredOn requester supplier
Task: instantiatesCanonical instantiatesUri basedOn groupIdentifier partOf status!? statusReason businessStatus intent! code description
  focus for encounter executionPeriod lastModified requester owner location
TerminologyCapabilities: url version name title status!? experimental date! publisher contact useContext jurisdiction copyright kind!
  software software.name software.version implementation implementation.description implementation.url lockedDate codeSystem.version.code
  codeSystem.version.isDefault
TestReport: identifier name status!? testScript! result! score tester issued
TestScript: url! identifier version name! title status!? experimental date publisher contact useContext jurisdiction
ValueSet: url identifier version name title status!? experimental date publisher contact useContext jurisdiction immutable
  compose.lockedDate compose.inactive compose.include compose.include.system compose.include.version compose.include.filter
  compose.include.filter.property compose.include.filter.op compose.include.filter.value compose.include.valueSet
VerificationResult: target targetLocation need status! statusDate validationType validationProcess failureAction primarySource.type
  primarySource.communicationMethod primarySource.canPushUpdates attestation.who attestation.onBehalfOf attestation.communicationMethod
  attestation.date
VisionPrescription: status!? created! patient! dateWritten! prescriber! lensSpecification! lensSpecification.product lensSpecification.eye
`;

const TYPES: ReadonlyMap<string, SummaryElements> = readTable();

/** The table of a type; undefined for one of which nothing is left out. */
export function summaryElementsOf(type: string): SummaryElements | undefined {
  return TYPES.get(type);
}

function readTable(): ReadonlyMap<string, SummaryElements> {
  const types = new Map<string, SummaryElements>();
  let row = { summary: new Set<string>(), mandatory: [] as string[], modifiers: [] as string[] };
  for (const word of TABLE.trim().split(/\s+/)) {
    if (word.endsWith(":")) {
      row = { summary: new Set(), mandatory: [], modifiers: [] };
      types.set(word.slice(0, -1), row);
      continue;
    }
    const name = word.replace(/^-|[!?]+$/g, "");
    if (!word.startsWith("-")) row.summary.add(name);
    if (word.includes("!")) row.mandatory.push(name);
    if (word.endsWith("?")) row.modifiers.push(name);
  }
  return types;
}
