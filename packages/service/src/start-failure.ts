/** Why a service cannot start. Each has one cause that its operator can remove. */
export type StartFailureKind =
  | "data-folder-in-use"
  | "data-folder-foreign"
  | "data-folder-unusable"
  | "no-postgres"
  | "wrong-postgres"
  | "no-system-user"
  | "postgres-failed"
  | "database-unreachable"
  | "unsafe-database"
  | "newer-database"
  | "bad-option"
  | "bad-service-keys"
  | "wrong-service-keys"
  | "address-in-use"
  | "no-web-application"
  | "no-certificate";

/** Thrown while starting, and nowhere else: nobody but the operator can act on it. */
export class StartFailure extends Error {
  readonly kind: StartFailureKind;

  constructor(kind: StartFailureKind, message: string) {
    super(message);
    this.name = "StartFailure";
    this.kind = kind;
  }
}
