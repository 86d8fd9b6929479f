/** Larger pictures are made smaller: the dots of a code that can be read are many pixels wide. */
const SIDE_MAX = 2000;
/** A code in a picture may be worth some time; in a moving one the next frame is. */
const STILL_MS = 2_000;
const MOVING_MS = 60;

/**
 * The text of a code in a picture, or in what the camera sees now.
 *
 * Gives:   nothing when there is none, or when it is no picture.
 */
export async function codeIn(from: Blob | HTMLVideoElement): Promise<string | undefined> {
  const { decodeQR } = await import("qr/decode.js");
  const image = await pixelsOf(from);
  if (image === undefined) return undefined;
  const timeLimit = from instanceof Blob ? STILL_MS : MOVING_MS;
  try {
    return decodeQR(image, { timeLimit, effort: from instanceof Blob ? 8 : 2 });
  } catch {
    // The decoder throws when there is no code.
    return undefined;
  }
}

async function pixelsOf(from: Blob | HTMLVideoElement): Promise<ImageData | undefined> {
  const picture = await createImageBitmap(from).catch(() => undefined);
  if (picture === undefined) return undefined;
  const { width, height } = picture;
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return context?.getImageData(0, 0, canvas.width, canvas.height);
}
