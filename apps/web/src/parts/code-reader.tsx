import { Camera, ImageUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useText } from "../text/text.tsx";
import { Actions, Button } from "./button.tsx";
import { Field, Form } from "./field.tsx";
import { FileField } from "./file-field.tsx";
import { codeIn } from "./qr-picture.ts";

/**
 * Read a code that somebody shows: with the camera, from a picture, or as its text.
 *
 * Nothing of what the camera sees is kept, and nothing leaves this page.
 */
export function CodeReader({ onRead }: { readonly onRead: (text: string) => void }) {
  const { codeReader } = useText();
  const [isLooking, setLooking] = useState(false);
  const [trouble, setTrouble] = useState<"refused" | "noCode">();
  const [typed, setTyped] = useState("");
  const openPicture = async ([file]: readonly File[]): Promise<void> => {
    if (file === undefined) return;
    setTrouble(undefined);
    const found = await codeIn(file);
    if (found === undefined) setTrouble("noCode");
    else onRead(found);
  };
  return (
    <div className="salus-code-reader">
      <Actions>
        <Button
          onPress={() => {
            setTrouble(undefined);
            setLooking(!isLooking);
          }}
        >
          <Camera size={18} aria-hidden="true" />
          {isLooking ? codeReader.stop : codeReader.camera}
        </Button>
        <FileField accept={["image/*"]} onChoose={(files) => void openPicture(files)}>
          <ImageUp size={18} aria-hidden="true" />
          {codeReader.picture}
        </FileField>
      </Actions>
      {isLooking && (
        <Looking
          onRead={(text) => {
            setLooking(false);
            onRead(text);
          }}
          onRefused={() => {
            setLooking(false);
            setTrouble("refused");
          }}
        />
      )}
      {trouble && <p role="alert">{codeReader[trouble]}</p>}
      <Form
        onSubmit={() => {
          if (typed.trim() !== "") onRead(typed.trim());
        }}
      >
        <Field
          label={codeReader.text}
          hint={codeReader.textHint}
          value={typed}
          onChange={setTyped}
          lines
        />
        <Button type="submit" isDisabled={typed.trim() === ""}>
          {codeReader.read}
        </Button>
      </Form>
    </div>
  );
}

const LOOK_MS = 150;

/** The camera's picture, until there is a code in it. The camera is let go with the part. */
function Looking({
  onRead,
  onRefused,
}: {
  readonly onRead: (text: string) => void;
  readonly onRefused: () => void;
}) {
  const { codeReader } = useText();
  const video = useRef<HTMLVideoElement>(null);
  const done = useRef({ onRead, onRefused });
  done.current = { onRead, onRefused };
  useEffect(() => {
    let current = true;
    let stream: MediaStream | undefined;
    const look = async (): Promise<void> => {
      const shown = video.current;
      if (!current || shown === null) return;
      const found = shown.videoWidth > 0 ? await codeIn(shown) : undefined;
      if (!current) return;
      if (found === undefined) setTimeout(() => void look(), LOOK_MS);
      else done.current.onRead(found);
    };
    void openCamera().then(async (opened) => {
      if (!current || video.current === null) return stop(opened);
      stream = opened;
      if (opened === undefined) return done.current.onRefused();
      video.current.srcObject = opened;
      await video.current.play().catch(() => undefined);
      return look();
    });
    return () => {
      current = false;
      stop(stream);
    };
  }, []);
  return (
    <div className="salus-camera">
      <video ref={video} muted playsInline aria-label={codeReader.camera} />
      <p role="status">{codeReader.looking}</p>
    </div>
  );
}

async function openCamera(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch {
    // No camera, or none that she lets this page use: which of them, the browser keeps to itself.
    return undefined;
  }
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
