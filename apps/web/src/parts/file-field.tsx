import type { ReactNode } from "react";
import { FileTrigger } from "react-aria-components";
import { Button } from "./button.tsx";

/** A button that lets a person choose files of her device. */
export function FileField({
  accept,
  multiple = false,
  onChoose,
  children,
}: {
  /** MIME types and endings. */
  readonly accept: readonly string[];
  readonly multiple?: boolean;
  readonly onChoose: (files: readonly File[]) => void;
  readonly children: ReactNode;
}) {
  return (
    <FileTrigger
      acceptedFileTypes={accept}
      allowsMultiple={multiple}
      onSelect={(list) => {
        const files = [...(list ?? [])];
        if (files.length > 0) onChoose(files);
      }}
    >
      <Button>{children}</Button>
    </FileTrigger>
  );
}
