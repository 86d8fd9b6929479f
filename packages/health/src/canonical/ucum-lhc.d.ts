/** The part of the package's interface that is used here; it brings no types of its own. */
declare module "@lhncbc/ucum-lhc" {
  interface UcumUnit {
    readonly magnitude_: number;
    readonly dim_: { readonly dimVec_: readonly number[] | null };
    readonly moleExp_: number;
    readonly equivalentExp_: number;
    readonly isArbitrary_: boolean;
    readonly isSpecial_: boolean;
  }
  export class UcumLhcUtils {
    static getInstance(): UcumLhcUtils;
    getSpecifiedUnit(
      code: string,
      operation: "validate",
    ): { readonly unit: UcumUnit | null; readonly retMsg: readonly string[] };
  }
}
