// What a calendar program reads in the file on standard input, as JSON. `ical.js` parses the calendars of Thunderbird:
// it was written by others from RFC 5545, so that no error of our own writer is repeated by our own reader.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    location: event.location,
    url: component.getFirstPropertyValue("url"),
    start: event.startDate.toString(),
    end: event.endDate.toString(),
    is_whole_day: event.startDate.isDate,
    zone: event.startDate.zone.tzid,
    instant: event.startDate.toJSDate().toISOString(),
  };
});
const name = calendar.getFirstPropertyValue("x-wr-calname");
process.stdout.write(JSON.stringify({ name, events }));
