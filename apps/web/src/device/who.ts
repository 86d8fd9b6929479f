/** What somebody is to the application. One person may be several. */
export type Role = "patient" | "practitioner" | "administrator";

/** Who is signed in, for the frame around the screens. */
export interface Who {
  readonly login: string;
  /** What a person is called where that is known: by the registry for staff. */
  readonly name: string | undefined;
  readonly role: Role;
  readonly roles: readonly Role[];
  /** Of the organisation that a practitioner or an administrator belongs to. */
  readonly organisation: string | undefined;
  /** Whether the services can be asked: not after an unlock without the network. */
  readonly online: boolean;
}

/** A home of this browser that can be unlocked. */
export interface KeptHome {
  readonly id: string;
  /** What the person calls it; chosen by her, and the only thing that is not sealed. */
  readonly label: string;
  /** Whether a passkey opens it, beside the password. */
  readonly passkey: boolean;
}
