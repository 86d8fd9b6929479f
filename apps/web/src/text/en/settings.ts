export const settings = {
  lead: "How Salus speaks and looks on this device. Nothing here is about your record.",
  scheme: "Light or dark",
  schemes: { system: "As the device", light: "Light", dark: "Dark" },
};
