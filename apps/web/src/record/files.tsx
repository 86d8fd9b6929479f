import { Download } from "lucide-react";
import { useEffect, useState } from "react";
import type { AttachmentView } from "../device/record/views.ts";
import { Button } from "../parts/button.tsx";
import { Card, Section } from "../parts/page.tsx";
import { saveFile } from "../parts/save-file.ts";
import { useFormat, useText } from "../text/text.tsx";

const PICTURE = /^image\/(?:png|jpeg|webp|gif)$/;

/** What a document brings with it: text is read here, pictures are seen, the rest is kept as a file. */
export function Files({ of }: { readonly of: readonly AttachmentView[] }) {
  const { item } = useText().record;
  if (of.length === 0) return null;
  return (
    <Section title={item.files}>
      {of.map((file, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attachments have no other name.
        <File key={at} of={file} />
      ))}
    </Section>
  );
}

function File({ of }: { readonly of: AttachmentView }) {
  const { item } = useText().record;
  const format = useFormat();
  const { title, type, bytes, text, data } = of;
  const name = title === "" ? item.unnamedFile : title;
  return (
    <Card label={name}>
      <p>
        <strong>
          <bdi>{name}</bdi>
        </strong>{" "}
        · <bdi>{item.formats[typeOf(type)] ?? typeOf(type)}</bdi> · {format.bytes(bytes)}
      </p>
      {text !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls.
        <pre className="salus-file-text" tabIndex={0}>
          {text}
        </pre>
      )}
      {data !== undefined && PICTURE.test(type) && <Picture of={of} name={name} />}
      {data !== undefined && data !== "" && (
        <Button kind="quiet" onPress={() => keep(of, name)}>
          <Download size={18} aria-hidden="true" />
          {item.save}
        </Button>
      )}
    </Card>
  );
}

/** Without what is said of its letters. */
const typeOf = (type: string): string => type.split(";")[0]?.trim() ?? "";

function Picture({ of, name }: { readonly of: AttachmentView; readonly name: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = blobOf(of);
    if (made === undefined) return;
    const address = URL.createObjectURL(made);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [of]);
  return url === undefined ? null : <img className="salus-file-picture" src={url} alt={name} />;
}

function keep(of: AttachmentView, name: string): void {
  const blob = blobOf(of);
  if (blob !== undefined) saveFile(blob, name.replace(/[^\p{L}\p{N}._ -]/gu, "_").slice(0, 80));
}

/** Never as a document that the browser would run: what is no picture is only bytes. */
function blobOf({ data, type }: AttachmentView): Blob | undefined {
  try {
    const bytes = Uint8Array.from(atob(data ?? ""), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type: PICTURE.test(type) ? type : "application/octet-stream" });
  } catch {
    return undefined;
  }
}
