/** Words of reading a code: with the camera, from a picture, or as text. */
export const codeReader = {
  camera: "Use the camera",
  stop: "Stop the camera",
  looking: "Hold the code before the camera.",
  refused: "The camera cannot be used here. Open a picture of the code, or paste its text.",
  picture: "Open a picture",
  noCode: "There is no code in that picture that can be read. Take it closer and straight.",
  text: "Text of the code",
  textHint: "It begins with salus:",
  read: "Read it",
};
