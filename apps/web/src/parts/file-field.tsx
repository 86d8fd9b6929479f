import { type ReactNode, useRef } from "react";
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
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept.join(",")}
        multiple={multiple}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file may be chosen once more.
          target.value = "";
          if (files.length > 0) onChoose(files);
        }}
      />
      <Button onPress={() => input.current?.click()}>{children}</Button>
    </>
  );
}
