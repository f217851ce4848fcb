/**
 * The page's own script. The page is complete without it: it shows times in the reader's zone beside UTC, keeps the age of
 * the reading up to date, filters, and opens closed parts for printing.
 */
export const SCRIPT = `"use strict";
const two = (n) => String(n).padStart(2, "0");
const zone = new Intl.DateTimeFormat("en", { timeZoneName: "short" });
for (const element of document.querySelectorAll("time")) {
  const time = new Date(element.dateTime);
  if (time.getTimezoneOffset() === 0) continue;
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  const name = zone.formatToParts(time).find((part) => part.type === "timeZoneName").value;
  const utc = element.textContent;
  const beside = utc.startsWith(date) ? utc.slice(11) : utc;
  element.textContent = date + " " + two(time.getHours()) + ":" + two(time.getMinutes()) + " " + name + " (" + beside + ")";
}

const age = document.querySelector("[data-age]");
const showAge = () => {
  const seconds = Number(age.dataset.age) + Math.round(performance.now() / 1000);
  age.textContent = seconds < 120 ? seconds + " seconds ago" : Math.floor(seconds / 60) + " minutes ago: load the page again";
};
setInterval(showAge, 5000);

const search = document.querySelector("search");
const input = search.querySelector("input");
const output = search.querySelector("output");
const groups = [...document.querySelectorAll("main > section, main > details")].map((element) => {
  const name = element.matches("details") ? element.querySelector("h2").textContent : "";
  const items = [...element.querySelectorAll(".runtimes > li")].map((item) => ({
    item,
    text: (name + " " + item.textContent).toLowerCase(),
  }));
  return { element, items, wasOpen: element.open };
});
const filter = () => {
  const words = input.value.toLowerCase().split(" ").filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const { element, items, wasOpen } of groups) {
    let here = 0;
    for (const { item, text } of items) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) here += 1;
    }
    element.hidden = here === 0;
    if (element.matches("details")) element.open = words.length > 0 || wasOpen;
    shown += here;
    all += items.length;
  }
  output.textContent = words.length > 0 ? shown + " of " + all : "";
};
input.addEventListener("input", filter);
search.hidden = false;
if (input.value) filter();

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
`;
