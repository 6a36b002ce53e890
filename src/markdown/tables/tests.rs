use super::*;

fn text(source: &str) -> String {
    plain(source).text.into_owned()
}

#[test]
fn simple_tables_become_pipe_tables() {
    let source = "Before.\n\n  Boat     Tons\n  ------- -----\n  Heron      40\n  Gull|     180\n\n  : The boats {#tbl:b}\n\nBehind.\n";
    assert_eq!(
        text(source),
        "Before.\n\n::: {.table #tbl:b}\n[The boats]{.head}\n\n| Boat | Tons |\n|---|---|\n| Heron | 40 |\n| Gull\\| | 180 |\n:::\n\nBehind.\n"
    );
    let read = plain(source);
    let behind = read.text.find("Behind").unwrap_or_default();
    assert_eq!(&source[read.source(behind)..], "Behind.\n");
    assert_eq!(read.source(3), 3);
}

#[test]
fn tables_without_heads_and_of_several_lines_too() {
    assert_eq!(text("---- ---\na    b\nc\n---- ---\n"), "|  |  |\n|---|---|\n| a | b |\n| c |  |\n");
    assert_eq!(
        text(
            "----------------\nA      B\nboat   place\n------ ---------\nHeron  at the\n       quay\n\nGull   lost\n----------------\n"
        ),
        "| A boat | B place |\n|---|---|\n| Heron | at the quay |\n| Gull | lost |\n"
    );
    assert_eq!(
        text("---- ----\na    b\n     c\n\nd    e\n---- ----\n"),
        "|  |  |\n|---|---|\n| a | b c |\n| d | e |\n"
    );
}

#[test]
fn grids_with_blocks_become_fences() {
    assert_eq!(
        text("+----+------+\n| A  | 船   |\n+====+======+\n| b  | - c  |\n|    | - d  |\n+----+------+\n"),
        "::: {.table}\n::: {.row .label}\n::: {.cell}\nA\n:::\n::: {.cell}\n船\n:::\n:::\n::: {.row}\n::: {.cell}\nb\n:::\n::: {.cell}\n- c\n- d\n:::\n:::\n:::\n"
    );
    let fenced = "+--------+---+\n| :::row | a |\n| b      |   |\n| :::    |   |\n+--------+---+\n";
    assert!(text(fenced).contains("\n::: {.cell}\n:::row\nb\n:::\n:::\n"), "{}", text(fenced));
    assert_eq!(text("+---+---+\n| a | b |\n+---+---+\n"), "|  |  |\n|---|---|\n| a | b |\n");
}

#[test]
fn what_is_no_table_stays() {
    for source in [
        "Heading\n-------\n\ntext\n",
        "- - -\n\ntext\n",
        "--- ---\n\ntext\n\n--- ---\n",
        "---\ntitle: a\n---\n\ntext\n",
        "```\n---- ---\na    b\n---- ---\n```\n",
        "+---+---+\n| a     |\n+---+---+\n| b | c |\n+---+---+\n",
        "+---+\n| a |\ntext\n",
        "-----\n\n-----\n",
        "| a | b |\n|---|---|\n| c | d |\n",
        "[a\n---- --\n",
        ":::Tons\n  - --\n  Heron\n",
        "+------+---+\n| a    | b |\n| ~~~  |   |\n+------+---+\n",
    ] {
        assert_eq!(text(source), source);
    }
}

/// Reader and witness both read what comes out here, so neither would miss what is lost on the way.
#[test]
fn no_letter_is_lost_whatever_is_damaged() {
    const MARKUP: [&str; 5] = ["{.table", "{.head}", "{.row .label}", "{.row}", "{.cell}"];
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        letters.sort_unstable();
        letters
    };
    let intact = [
        "Before.\n\n  Boat     Tons\n  ------- -----\n  Heron      40\n  Gull|     180\n\n  : The boats {#tbl:b}\n\nBehind.\n",
        "----------------\nA      B\nboat   place\n------ ---------\nHeron  at the\n       quay\n\nGull   lost\n----------------\n",
        "---- ----\na    b\n     c\n\nd    e\n---- ----\n",
        "+----+------+\n| A  | 船   |\n+====+======+\n| b  | - c  |\n|    | - d  |\n+----+------+\n",
    ];
    let mut tables = 0;
    for source in intact {
        let places = source.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
        for ((from, to), instead) in
            places.flat_map(|place| ["", "x", "-", " ", "|", "\n", "é船"].map(|new| (place, new)))
        {
            let damaged = format!("{}{instead}{}", &source[..from], &source[to..]);
            let read = plain(&damaged);
            tables += usize::from(!read.is_source());
            let shown = MARKUP.iter().fold(read.text.to_string(), |text, markup| text.replace(markup, ""));
            assert_eq!(letters(&shown), letters(&damaged), "{damaged}\n{}", read.text);
        }
    }
    assert!(tables > 1000, "{tables}");
}
