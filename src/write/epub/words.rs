//! The few words that a book says of its own accord, in the languages of most books; English stands in for others.

/// What contents, landmarks and ways back are called.
#[derive(Debug)]
pub(super) struct Words {
    /// The language of these words.
    pub language: &'static str,
    pub contents: &'static str,
    pub notes: &'static str,
    pub pages: &'static str,
    pub landmarks: &'static str,
    pub cover: &'static str,
    pub text: &'static str,
    pub front: &'static str,
    pub back: &'static str,
    /// Before a note's marker: the way back to its call.
    pub back_to: &'static str,
}

macro_rules! words {
    ($($language:literal: $contents:literal $notes:literal $pages:literal $landmarks:literal $cover:literal $text:literal
       $front:literal $back:literal $back_to:literal;)*) => {
        &[$(Words {
            language: $language, contents: $contents, notes: $notes, pages: $pages, landmarks: $landmarks,
            cover: $cover, text: $text, front: $front, back: $back, back_to: $back_to,
        }),*]
    };
}

static WORDS: &[Words] = words! {
    "en": "Contents" "Notes" "Pages" "Landmarks" "Cover" "Text" "Front matter" "Back matter" "Back to note";
    "de": "Inhalt" "Anmerkungen" "Seiten" "Orientierung" "Umschlag" "Text" "Vorspann" "Anhang" "Zurück zu Anmerkung";
    "fr": "Table des matières" "Notes" "Pages" "Repères" "Couverture" "Texte" "Pages liminaires" "Annexes"
          "Retour à la note";
    "es": "Índice" "Notas" "Páginas" "Puntos de referencia" "Cubierta" "Texto" "Preliminares" "Apéndices"
          "Volver a la nota";
    "it": "Indice" "Note" "Pagine" "Punti di riferimento" "Copertina" "Testo" "Pagine iniziali" "Appendici"
          "Torna alla nota";
    "pt": "Índice" "Notas" "Páginas" "Pontos de referência" "Capa" "Texto" "Páginas iniciais" "Apêndices"
          "Voltar à nota";
    "nl": "Inhoud" "Noten" "Pagina’s" "Oriëntatiepunten" "Omslag" "Tekst" "Voorwerk" "Nawerk" "Terug naar noot";
};

impl Words {
    /// The words in a language, or in English.
    pub(super) fn of(language: &str) -> &'static Self {
        let first = language.split('-').next().unwrap_or_default();
        WORDS.iter().find(|words| words.language.eq_ignore_ascii_case(first)).unwrap_or(&WORDS[0])
    }
}
