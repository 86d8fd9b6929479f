/** The part of the package's interface that is used here; it brings no types of its own. */
declare module "qrcode" {
  export interface TextOptions {
    readonly type: "terminal" | "utf8";
    readonly small?: boolean;
    readonly errorCorrectionLevel?: "L" | "M" | "Q" | "H";
  }
  const qrcode: { toString(text: string, options: TextOptions): Promise<string> };
  export default qrcode;
}
