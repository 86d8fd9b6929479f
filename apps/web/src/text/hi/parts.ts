import type { Catalogue } from "../catalogue.ts";

export const parts: Catalogue["parts"] = {
  back: "वापस",
  cancel: "रद्द करें",
  close: "बंद करें",
  save: "सहेजें",
  again: "फिर कोशिश करें",
  justNow: "अभी",
  waiting: (what) => `${what} लाया जा रहा है …`,
  waitingLong: "इसमें सामान्य से अधिक समय लग रहा है। कोशिश जारी है।",
  optional: "वैकल्पिक",
  safe: "क्या सुरक्षित है",
  next: "क्या करें",
  table: "तालिका में दिखाएँ",
  chart: "चार्ट में दिखाएँ",
  more: "और दिखाएँ",
  all: "सभी",
  none: "कोई नहीं",
  unknown: "बताया नहीं गया",
  copied: "कॉपी हो गया",
  copy: "कॉपी करें",
};
