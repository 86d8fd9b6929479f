/** The part of the package's interface that is used here; it brings no types of its own. */
declare module "@lhncbc/ucum-lhc" {
  export interface UcumUnit {
    readonly magnitude_: number;
    readonly dim_: { readonly dimVec_: readonly number[] | null };
    readonly moleExp_: number;
    readonly equivalentExp_: number;
    readonly isArbitrary_: boolean;
    readonly isSpecial_: boolean;
  }
  export class UcumLhcUtils {
    static getInstance(): UcumLhcUtils;
    readonly uStrParser_: {
      parseString(
        code: string,
        operation: "validate",
      ): readonly [unit: UcumUnit | null, text: string, messages: readonly string[]];
    };
  }
}
