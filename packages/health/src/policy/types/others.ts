import type { OrdinaryCategory } from "../category.ts";
import { type ResourceType, resourceType } from "../resource-type.ts";

/**
 * The other types of R4, so that nothing that a source sends is lost: by identifier, status and
 * patient they can be found, and by what every resource has.
 */
const OTHERS_BY_CATEGORY: Readonly<Partial<Record<OrdinaryCategory, string>>> = {
  laboratory: "BiologicallyDerivedProduct MolecularSequence SubstanceSpecification",
  conditions: "BodyStructure",
  medications:
    "MedicationKnowledge MedicinalProduct MedicinalProductAuthorization " +
    "MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient " +
    "MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged " +
    "MedicinalProductPharmaceutical MedicinalProductUndesirableEffect Substance " +
    "SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation " +
    "SubstanceSourceMaterial SupplyDelivery SupplyRequest",
  immunizations: "ImmunizationEvaluation ImmunizationRecommendation",
  encounters: "AppointmentResponse",
  procedures: "DeviceMetric VisionPrescription",
  documents: "Basic Binary CatalogEntry DocumentManifest",
  "care-plans": "CommunicationRequest GuidanceResponse RequestGroup",
  administrative:
    "ActivityDefinition AuditEvent CapabilityStatement ChargeItem ChargeItemDefinition " +
    "ClaimResponse CodeSystem CompartmentDefinition ConceptMap Contract " +
    "CoverageEligibilityRequest CoverageEligibilityResponse DeviceDefinition " +
    "EffectEvidenceSynthesis EnrollmentRequest EnrollmentResponse EventDefinition Evidence " +
    "EvidenceVariable ExampleScenario GraphDefinition Group ImplementationGuide InsurancePlan " +
    "Invoice Library Linkage Measure MeasureReport MessageDefinition MessageHeader NamingSystem " +
    "ObservationDefinition OperationDefinition OperationOutcome OrganizationAffiliation " +
    "Parameters PaymentNotice PaymentReconciliation Person PlanDefinition ResearchDefinition " +
    "ResearchElementDefinition ResearchStudy ResearchSubject RiskEvidenceSynthesis Schedule " +
    "SearchParameter Slot SpecimenDefinition StructureDefinition StructureMap Subscription " +
    "TerminologyCapabilities TestReport TestScript ValueSet VerificationResult",
};

export const OTHERS: readonly ResourceType[] = Object.entries(OTHERS_BY_CATEGORY).flatMap(
  ([category, types]) =>
    types.split(" ").map((type) =>
      resourceType(
        type,
        [category as OrdinaryCategory],
        [
          ["identifier", "token", "identifier", "system"],
          ["patient", "reference", "patient subject", "in=subject to=Patient"],
          ["status", "token", "status"],
          ["subject", "reference", "patient subject"],
        ],
      ),
    ),
);
