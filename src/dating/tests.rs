use super::*;

const NEAR: Option<Moment> = Some(Moment { year: 1931, month: Some(5), day: Some(20), clock: None, offset: None });

fn said(when: When) -> String {
    let words = |moment: Option<Moment>| moment.map_or_else(String::new, |moment| moment.to_string());
    match when {
        When::On(moment) => moment.to_string(),
        When::Between(from, to) => format!("{}..{}", words(from), words(to)),
        When::Within(from, to) => format!("{}<{}", words(from), words(to)),
    }
}

fn dates(text: &str) -> Vec<(&str, String)> {
    find(text, NEAR).into_iter().map(|dated| (&text[dated.at], said(dated.when))).collect()
}

fn hold(cases: &[(&str, &[(&str, &str)])]) {
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|(words, when)| (*words, (*when).to_owned())).collect();
        assert_eq!(dates(text), expected, "{text}");
    }
}

#[test]
fn month_first() {
    hold(&[
        ("On May 4, 1931, he left.", &[("May 4, 1931", "1931-05-04")]),
        ("MAY 4, 1931", &[("MAY 4, 1931", "1931-05-04")]),
        ("Sept. 4, 1931", &[("Sept. 4, 1931", "1931-09-04")]),
        ("May 4th, 1931", &[("May 4th, 1931", "1931-05-04")]),
        ("in May 1931", &[("May 1931", "1931-05")]),
        ("October 3–5, 1969", &[("October 3–5, 1969", "1969-10-03..1969-10-05")]),
        ("October 30–November 2, 1969", &[("October 30–November 2, 1969", "1969-10-30..1969-11-02")]),
        ("December 30, 1969–January 2, 1970", &[("December 30, 1969–January 2, 1970", "1969-12-30..1970-01-02")]),
        ("January–March 1970", &[("January–March 1970", "1970-01..1970-03")]),
        ("from November 1 to March 31,", &[("November 1 to March 31", "1931-11-01..1932-03-31")]),
        ("September 2 and 9; see", &[("September 2", "1931-09-02"), ("9", "1931-09-09")]),
        ("May 2, 5, and 9, 1930", &[("May 2", "1930-05-02"), ("5", "1930-05-05"), ("9, 1930", "1930-05-09")]),
        ("early May 1931", &[("early May 1931", "1931-05-01<1931-05-10")]),
        ("in mid-February", &[("mid-February", "1931-02-11<1931-02-20")]),
        ("LATE IN MAY he left", &[("LATE IN MAY", "1931-05-21<1931-05-31")]),
        ("Late In May", &[("Late In May", "1931-05-21<1931-05-31")]),
        ("End of May", &[("End of May", "1931-05-21<1931-05-31")]),
        ("May he live long", &[]),
    ]);
}

#[test]
fn day_first_and_other_languages() {
    hold(&[
        ("4 May 1931", &[("4 May 1931", "1931-05-04")]),
        ("the 4th of May, 1931", &[("4th of May, 1931", "1931-05-04")]),
        ("4–6 May 1931", &[("4–6 May 1931", "1931-05-04..1931-05-06")]),
        ("le 1er août 1914", &[("1er août 1914", "1914-08-01")]),
        ("mai 1968", &[("mai 1968", "1968-05")]),
        ("am 4. März 1931", &[("4. März 1931", "1931-03-04")]),
        ("el 4 de mayo de 1931", &[("4 de mayo de 1931", "1931-05-04")]),
        ("7 noyabrya 1917", &[("7 noyabrya 1917", "1917-11-07")]),
        ("30 May–2 June 1931", &[("30 May–2 June 1931", "1931-05-30..1931-06-02")]),
    ]);
}

#[test]
fn times() {
    hold(&[
        ("May 4, 1931, 1500Z.", &[("May 4, 1931, 1500Z", "1931-05-04T15:00:00+00:00")]),
        ("at 3:30 P.M. on June 4 in", &[("3:30 P.M. on June 4", "1931-06-04T15:30:00")]),
        ("May 4, 1931, 5:45 p.m. EST", &[("May 4, 1931, 5:45 p.m. EST", "1931-05-04T17:45:00-05:00")]),
        ("May 4, 10:30 a.m.–noon", &[("May 4, 10:30 a.m.–noon", "1931-05-04T10:30:00..1931-05-04T12:00:00")]),
    ]);
}

#[test]
fn calendars() {
    hold(&[
        ("le 9 thermidor an II", &[("9 thermidor an II", "1794-07-27")]),
        ("18 brumaire an VIII", &[("18 brumaire an VIII", "1799-11-09")]),
        ("October 25, 1917 (O.S.)", &[("October 25, 1917 (O.S.)", "1917-11-07")]),
        ("5/18 January 1918", &[("5/18 January 1918", "1918-01-18")]),
        ("February 29, 1900 Old Style", &[("February 29, 1900 Old Style", "1900-03-13")]),
    ]);
    let both = find("5/18 January 1918", None);
    assert_eq!(both[0].calendar, Some(Calendar::Julian));
}

#[test]
fn figures_and_years() {
    hold(&[
        ("1931-05-04", &[("1931-05-04", "1931-05-04")]),
        ("am 4.5.1931", &[("4.5.1931", "1931-05-04")]),
        ("12/25/1930", &[("12/25/1930", "1930-12-25")]),
        ("4/5/1931", &[]),
        ("in 1929", &[("1929", "1929")]),
        ("in\n    1929", &[("1929", "1929")]),
        ("in the winter of 1929–30 and", &[("1929–30", "1929..1930")]),
        ("late 1930", &[("late 1930", "1930-09<1930-12")]),
        ("the 1930 accounts", &[("1930", "1930")]),
    ]);
}

#[test]
fn what_is_no_date_is_left_alone() {
    for text in [
        "it may 4 times",
        "May I say",
        "in 12/78",
        "of 1500 tons",
        "the 200 tons",
        "May 40",
        "March 10,000 men",
        "last Tuesday",
        "Maya 1931",
        "telegram 1931",
        "in 1931.5 hours",
        "February 30, 1931",
        "No. 1920-05",
    ] {
        assert_eq!(dates(text), [], "{text}");
    }
    assert_eq!(find("on December 4 he", None), []);
}

#[test]
fn a_supplied_year_is_the_nearest_and_said_to_be_supplied() {
    let winter = Some(Moment { year: 1932, month: Some(1), day: Some(10), clock: None, offset: None });
    let found = find("On December 4 he wrote; on July 1, 1931, he came.", winter);
    assert_eq!(found[0].when, When::On(Moment::day(1931, 12, 4).expect("a day")));
    assert_eq!((found[0].certainty, found[0].rule), (Certainty::Medium, "date.year-supplied"));
    assert_eq!((found[1].certainty, found[1].rule), (Certainty::High, "date.words"));
}
