//! When schedules fire, and the longest time in which they do not.
//!
//! Two dialects: that of Kubernetes and most controllers (robfig/cron v3, five fields), and that of CloudNativePG
//! (robfig/cron v1.2, six fields, the first of which are seconds). Both know `@daily` and `@every 6h`; k8up adds
//! `@daily-random`, which is a fixed time that it chooses.

use foldhash::fast::FixedState;
use jiff::civil::{Date, date};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// How a schedule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Minute, hour, day of month, month, day of week.
    Five,
    /// The same behind a field of seconds; the day of week may be left out.
    Six,
}

/// How often something fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// The longest time between two firings, in seconds.
    LongestGap(i64),
    /// Such a day never comes.
    Never,
}

impl Rhythm {
    /// The longest time between two firings, in seconds; the most where there is none.
    pub fn gap(self) -> i64 {
        match self {
            Rhythm::LongestGap(seconds) => seconds,
            Rhythm::Never => i64::MAX,
        }
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The first day of the days that are looked at: four years, so that one of them is a leap year.
const FIRST: Date = date(2024, 1, 1);
const DAYS: i64 = 4 * 365 + 1;

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// One field: the numbers that fit, one bit each.
#[derive(Clone, Copy)]
struct Field {
    bits: u64,
    /// Whether it is `*` or `?`: then days are chosen by the other field alone.
    is_any: bool,
}

impl Field {
    fn has(self, number: u32) -> bool {
        self.bits & (1 << number) != 0
    }
}

/// The names of the IANA time zone database.
const TIME_ZONES: &str = include_str!("time_zones.txt");

/// Whether Kubernetes knows a time zone of this name. It refuses `Local`, which Go would know.
pub fn is_time_zone(name: &str) -> bool {
    TIME_ZONES.lines().any(|it| it == name && !it.starts_with('#'))
}

/// How often a schedule fires; `None` if it cannot be read.
pub fn rhythm(schedule: &str, dialect: Dialect) -> Option<Rhythm> {
    together(&[(schedule, dialect)])
}

/// So many schedules are looked at together; who has more fires often.
pub const MOST_TOGETHER: usize = 32;

/// How often any of some schedules fires, as if all were of one time zone; `None` if one cannot be read.
pub fn together(schedules: &[(&str, Dialect)]) -> Option<Rhythm> {
    let mut steps: Option<i64> = None;
    let mut fixed = Vec::new();
    let mut seen = HashSet::new();
    for (schedule, dialect) in schedules.iter().filter(|it| seen.insert(**it)).take(MOST_TOGETHER) {
        match fires(schedule, *dialect)? {
            Fires::Every(step) => steps = Some(steps.map_or(step, |it| it.min(step))),
            Fires::At(times, days) => fixed.push((times, days)),
        }
    }
    if fixed.len() > 1 {
        for it in &mut fixed {
            thin(&mut it.0);
        }
    }
    Some(match (steps, longest(&fixed)) {
        (Some(step), Rhythm::LongestGap(gap)) => Rhythm::LongestGap(step.min(gap)),
        (Some(step), Rhythm::Never) => Rhythm::LongestGap(step),
        (None, rhythm) => rhythm,
    })
}

/// When a schedule fires.
enum Fires {
    /// At these times of these days.
    At(Vec<i64>, Days),
    /// In steps of so many seconds, from whenever.
    Every(i64),
}

fn fires(schedule: &str, dialect: Dialect) -> Option<Fires> {
    let schedule = schedule.trim();
    // A time zone may stand before the fields.
    let schedule = match schedule.strip_prefix("CRON_TZ=").or_else(|| schedule.strip_prefix("TZ=")) {
        Some(rest) => rest.split_once(char::is_whitespace)?.1.trim(),
        None => schedule,
    };
    if let Some(name) = schedule.strip_prefix('@') {
        return named(name);
    }
    let mut fields: Vec<&str> = schedule.split_whitespace().collect();
    match (dialect, fields.len()) {
        (Dialect::Five, 5) => fields.insert(0, "0"),
        (Dialect::Six, 5) => fields.push("*"),
        (Dialect::Six, 6) => {}
        _ => return None,
    }
    let read = |at: usize, low, high, names: &[&str]| field(fields[at], (low, high), names, dialect);
    let [seconds, minutes, hours] = [read(0, 0, 59, &[])?, read(1, 0, 59, &[])?, read(2, 0, 23, &[])?];
    let days =
        Days { of_month: read(3, 1, 31, &[])?, months: read(4, 1, 12, MONTHS)?, of_week: read(5, 0, 6, WEEKDAYS)? };
    Some(Fires::At(times(seconds, minutes, hours), days))
}

/// The schedules with a name.
fn named(name: &str) -> Option<Fires> {
    if let Some(duration) = name.strip_prefix("every ") {
        return seconds(duration.trim()).filter(|it| *it > 0).map(Fires::Every);
    }
    let (fields, gap) = match name.strip_suffix("-random").unwrap_or(name) {
        "hourly" => ("0 * * * *", HOUR),
        "daily" | "midnight" => ("0 0 * * *", DAY),
        "weekly" => ("0 0 * * 0", 7 * DAY),
        "monthly" => ("0 0 1 * *", 31 * DAY),
        "yearly" | "annually" => ("0 0 1 1 *", 366 * DAY),
        _ => return None,
    };
    if name.ends_with("-random") { Some(Fires::Every(gap)) } else { fires(fields, Dialect::Five) }
}

/// Of times that follow each other closely leaves out some, so that many schedules can be merged.
fn thin(times: &mut Vec<i64>) {
    const CLOSE: i64 = 10 * MINUTE;
    let all = std::mem::take(times);
    for (at, time) in all.iter().enumerate() {
        let is_before_a_gap = all.get(at + 1).is_none_or(|next| next - time >= CLOSE);
        if is_before_a_gap || times.last().is_none_or(|last| time - last >= CLOSE) {
            times.push(*time);
        }
    }
}

/// The seconds of a duration such as `1h30m`, as Go writes them; days as `7d`.
pub fn seconds(duration: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = duration;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.get(digits..=digits)? {
            "d" => DAY,
            "h" => HOUR,
            "m" => MINUTE,
            "s" => 1,
            _ => return None,
        };
        total = number.checked_mul(unit)?.checked_add(total)?;
        rest = &rest[digits + 1..];
    }
    (!duration.is_empty()).then_some(total)
}

fn field(text: &str, (low, high): (u32, u32), names: &[&str], dialect: Dialect) -> Option<Field> {
    let number = |text: &str| -> Option<u32> {
        let named = names.iter().position(|it| it.eq_ignore_ascii_case(text));
        match named.and_then(|it| u32::try_from(it).ok()) {
            Some(at) => Some(at + low),
            None => text.parse().ok(),
        }
    };
    let mut found = Field { bits: 0, is_any: false };
    for part in text.split(',').filter(|it| !it.is_empty()) {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u32>().ok().filter(|it| *it > 0)?)),
            None => (part, None),
        };
        let (start, end) = match range.split_once('-') {
            // What follows the - of a * is not looked at.
            _ if matches!(range.split('-').next(), Some("*" | "?")) => {
                // The newer reader takes a step for a choice of days.
                found.is_any |= dialect == Dialect::Six || step.is_none_or(|it| it == 1);
                (low, high)
            }
            Some((start, end)) => (number(start)?, number(end)?),
            None => (number(range)?, if step.is_some() { high } else { number(range)? }),
        };
        if start < low || end > high || start > end {
            return None;
        }
        for number in (start..=end).step_by(step.unwrap_or(1) as usize) {
            found.bits |= 1 << number;
        }
    }
    (found.bits != 0).then_some(found)
}

/// The times of a day, in seconds since midnight, in order.
fn times(seconds: Field, minutes: Field, hours: Field) -> Vec<i64> {
    let mut times = Vec::new();
    for hour in (0..24).filter(|it| hours.has(*it)) {
        for minute in (0..60).filter(|it| minutes.has(*it)) {
            let second = (0..60).filter(|it| seconds.has(*it));
            times.extend(second.map(|it| i64::from(hour) * HOUR + i64::from(minute) * MINUTE + i64::from(it)));
        }
    }
    times
}

/// Which days.
#[derive(Clone, Copy)]
struct Days {
    of_month: Field,
    months: Field,
    of_week: Field,
}

impl Days {
    fn has(self, day: Day) -> bool {
        let of_month = self.of_month.has(day.of_month);
        let of_week = self.of_week.has(day.of_week);
        // Two fields that both choose days add up.
        let is_chosen =
            if self.of_month.is_any || self.of_week.is_any { of_month && of_week } else { of_month || of_week };
        self.months.has(day.month) && is_chosen
    }

    /// Whether no day is left out.
    fn is_every(self) -> bool {
        let all = |field: Field, mut numbers: std::ops::RangeInclusive<u32>| numbers.all(|it| field.has(it));
        all(self.of_month, 1..=31) && all(self.months, 1..=12) && all(self.of_week, 0..=6)
    }
}

/// A day by the numbers that schedules choose by.
#[derive(Clone, Copy)]
struct Day {
    month: u32,
    of_month: u32,
    of_week: u32,
}

/// The days that are looked at, in order.
static CALENDAR: LazyLock<Vec<Day>> = LazyLock::new(|| {
    let number = |it: i8| u32::try_from(it).unwrap_or(0);
    let day = |it: Date| Day {
        month: number(it.month()),
        of_month: number(it.day()),
        of_week: number(it.weekday().to_sunday_zero_offset()),
    };
    let days = std::iter::successors(Some(FIRST), |it| it.tomorrow().ok());
    days.take(usize::try_from(DAYS).unwrap_or(0)).map(day).collect()
});

/// The first and the last time of a day, and the longest gap between two of its times.
type OfDay = (i64, i64, i64);

/// What the schedules with these bits make of a day.
fn of_day(fixed: &[(Vec<i64>, Days)], chosen: u64) -> Option<OfDay> {
    let is_chosen = |at: usize| chosen & (1 << at) != 0;
    let mut all: Vec<i64> =
        fixed.iter().enumerate().filter(|it| is_chosen(it.0)).flat_map(|it| it.1.0.iter().copied()).collect();
    all.sort_unstable();
    let inner = all.windows(2).map(|it| it[1] - it[0]).max().unwrap_or(0);
    Some((*all.first()?, *all.last()?, inner))
}

/// The longest gap of schedules that fire at times of days.
fn longest(fixed: &[(Vec<i64>, Days)]) -> Rhythm {
    let mut known: HashMap<u64, Option<OfDay>, FixedState> = HashMap::default();
    let mut longest = 0;
    let mut previous: Option<(i64, i64)> = None;
    let mut is_repeated = false;
    let every: u64 = fixed.iter().enumerate().filter(|it| it.1.1.is_every()).map(|it| 1 << it.0).sum();
    if every.count_ones() as usize == fixed.len() {
        return of_day(fixed, every)
            .map_or(Rhythm::Never, |(first, last, inner)| Rhythm::LongestGap(inner.max(DAY + first - last)));
    }
    for (number, day) in (0..DAYS).zip(CALENDAR.iter()) {
        let firing = fixed.iter().enumerate().filter(|it| every & (1 << it.0) != 0 || it.1.1.has(*day));
        let chosen: u64 = firing.map(|it| 1 << it.0).sum();
        if let Some((first, last, inner)) = *known.entry(chosen).or_insert_with(|| of_day(fixed, chosen)) {
            longest = longest.max(inner);
            if let Some((before, time)) = previous {
                longest = longest.max((number - before) * DAY + first - time);
                is_repeated = true;
            }
            previous = Some((number, last));
        }
    }
    match previous {
        None => Rhythm::Never,
        // A leap day.
        Some(_) if !is_repeated => Rhythm::LongestGap(DAYS * DAY),
        Some(_) => Rhythm::LongestGap(longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(schedule: &str, dialect: Dialect) -> Option<f64> {
        match rhythm(schedule, dialect)? {
            Rhythm::LongestGap(seconds) => Some(f64::from(i32::try_from(seconds).expect("small")) / 3600.0),
            Rhythm::Never => Some(-1.0),
        }
    }

    #[test]
    fn five_fields() {
        let table = [
            ("0 2 * * *", 24.0),
            ("*/15 * * * *", 0.25),
            ("0 */5 * * *", 5.0), // 20:00 and 00:00 are 4 hours apart
            ("0 1,3 * * *", 22.0),
            ("0 2 * * 1-5", 72.0),
            ("0 2 * * SUN", 168.0),
            ("0 2 1 * *", 31.0 * 24.0),
            ("0 2 1,15 * *", 17.0 * 24.0),
            ("0 2 1 * 0", 7.0 * 24.0), // the first of a month, and Sundays
            ("0 2 */2 * *", 48.0),
            ("0 0 29 2 *", 1461.0 * 24.0),
            ("@daily", 24.0),
            ("@daily-random", 24.0),
            ("@every 36h", 36.0),
            ("@every 1h30m", 1.5),
            ("CRON_TZ=Europe/Berlin 0 2 * * *", 24.0),
            ("0 0 30 feb *", -1.0),
        ];
        for (schedule, gap) in table {
            assert_eq!(hours(schedule, Dialect::Five), Some(gap), "{schedule}");
        }
        for schedule in [
            "",
            "0 2 * *",
            "0 0 2 * * *",
            "60 2 * * *",
            "0 2 * * 7",
            "@every 9223372036854775807s1s",
            "@sometimes",
            "a b c d e",
            "0 2 ${X} * *",
        ] {
            assert_eq!(rhythm(schedule, Dialect::Five), None, "{schedule}");
        }
    }

    #[test]
    fn six_fields() {
        let table = [("0 0 2 * * *", 24.0), ("0 2 * * *", 1.0), ("0 0 0 * * 0", 168.0), ("0 0 */6 * * *", 6.0)];
        for (schedule, gap) in table {
            assert_eq!(hours(schedule, Dialect::Six), Some(gap), "{schedule}");
        }
        assert_eq!(rhythm("0 2 * *", Dialect::Six), None);
    }

    #[test]
    fn schedules_are_taken_together() {
        let gap = |schedules: &[&str]| {
            let all: Vec<(&str, Dialect)> = schedules.iter().map(|it| (*it, Dialect::Five)).collect();
            together(&all).map(|it| match it {
                Rhythm::LongestGap(seconds) => seconds / HOUR,
                Rhythm::Never => -1,
            })
        };
        assert_eq!(gap(&["30 2 * * 6", "30 2 * * 0-5"]), Some(24));
        assert_eq!(gap(&["0 2 * * 0", "0 4 * * 1-6"]), Some(26));
        assert_eq!(gap(&["0 2 * * 0", "@every 36h"]), Some(36));
        assert_eq!(gap(&["*/5 * * * 0", "* 12 * * 1-6"]), Some(23));
        assert_eq!(gap(&["0 0 30 2 *", "@daily"]), Some(24));
        assert_eq!(gap(&["0 0 30 2 *"]), Some(-1));
        assert_eq!(gap(&["@weekly", "soon"]), None);
    }
}
