// How long one line takes for a class: bytes of this build, shared fairly, and nothing else on the line.

import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";

const MEGABIT = 1e6;

// Seconds until the last of n devices has its bytes; null where the build did not measure them.
export const seconds = (bytes, n, megabits) => (typeof bytes === "number" ? (bytes * 8 * n) / (megabits * MEGABIT) : null);

export const inMegabytes = (bytes) => (typeof bytes === "number" ? `${(bytes / 1e6).toFixed(1)} MB` : t(bytes));

export function inTime(amount) {
  if (amount === null) return t("not measured");
  if (amount < 60) return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} s`;
  const minutes = Math.floor(amount / 60);
  return `${minutes} min ${Math.round(amount - minutes * 60)} s`;
}
