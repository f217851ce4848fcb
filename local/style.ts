import { styleText } from "node:util";

/** Colours for a terminal: none where the output goes elsewhere, nor where `NO_COLOR` is set. */
export const style = {
  bold: (text: string) => styleText("bold", text),
  dim: (text: string) => styleText("dim", text),
  good: (text: string) => styleText("green", text),
  bad: (text: string) => styleText("red", text),
  fresh: (text: string) => styleText("yellow", text),
};
