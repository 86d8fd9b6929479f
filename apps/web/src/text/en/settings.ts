export const settings = {
  lead: "How Salus speaks and looks on this device, and what you use it as. Nothing here is about your record.",
  scheme: "Light or dark",
  schemes: { system: "As the device", light: "Light", dark: "Dark" },
  roles: "What you use Salus as",
  rolesLead:
    "One person can be several, for example a patient who works as a physician. Each role has keys of its own: a patient's record is not opened by what she may do at work.",
  rolesHeld: "I am",
  rolesHint: (role: string) =>
    `You are here as: ${role}. What you are here as cannot be taken away here.`,
  rolesSave: "Save",
  rolesOther: "Go on in another role",
  roleDetails: {
    patient: "Your own record, and who reads it",
    practitioner: "Find patients, ask them and read; your hospital certifies you",
    administrator: "Staff, departments and uploads of a hospital",
  },
  goOn: (role: string) => `Go on as: ${role}`,
  goOnLead: "You sign in once more for it. What you have open here now is closed.",
};
