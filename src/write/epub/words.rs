//! The few words that a book says of its own accord, in the languages of most books; English stands in for others.

use super::language::is_of;

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
    /// The page that describes the manuscripts.
    pub description: &'static str,
    /// What a description tells of: what a manuscript holds, how it is made, where it was, and all else.
    pub of_the_description: [&'static str; 4],
}

macro_rules! words {
    ($($language:literal: $contents:literal $notes:literal $pages:literal $landmarks:literal $cover:literal $text:literal
       $front:literal $back:literal $back_to:literal $description:literal [$($of:literal)*];)*) => {
        &[$(Words {
            language: $language, contents: $contents, notes: $notes, pages: $pages, landmarks: $landmarks,
            cover: $cover, text: $text, front: $front, back: $back, back_to: $back_to,
            description: $description, of_the_description: [$($of),*],
        }),*]
    };
}

static WORDS: &[Words] = words! {
    "en": "Contents" "Notes" "Pages" "Landmarks" "Cover" "Text" "Front matter" "Back matter" "Back to note"
          "Description of the manuscript"
          ["Contents" "Physical description" "History" "Further information"];
    "de": "Inhalt" "Anmerkungen" "Seiten" "Orientierung" "Umschlag" "Text" "Vorspann" "Anhang" "Zurück zu Anmerkung"
          "Beschreibung der Handschrift"
          ["Inhalt" "Äußere Beschreibung" "Geschichte" "Weitere Angaben"];
    "fr": "Table des matières" "Notes" "Pages" "Repères" "Couverture" "Texte" "Pages liminaires" "Annexes"
          "Retour à la note" "Description du manuscrit"
          ["Contenu" "Description matérielle" "Histoire" "Autres informations"];
    "es": "Índice" "Notas" "Páginas" "Puntos de referencia" "Cubierta" "Texto" "Preliminares" "Apéndices"
          "Volver a la nota" "Descripción del manuscrito"
          ["Contenido" "Descripción física" "Historia" "Otros datos"];
    "it": "Indice" "Note" "Pagine" "Punti di riferimento" "Copertina" "Testo" "Pagine iniziali" "Appendici"
          "Torna alla nota" "Descrizione del manoscritto"
          ["Contenuto" "Descrizione fisica" "Storia" "Altre informazioni"];
    "pt": "Índice" "Notas" "Páginas" "Pontos de referência" "Capa" "Texto" "Páginas iniciais" "Apêndices"
          "Voltar à nota" "Descrição do manuscrito"
          ["Conteúdo" "Descrição física" "História" "Outras informações"];
    "nl": "Inhoud" "Noten" "Pagina’s" "Oriëntatiepunten" "Omslag" "Tekst" "Voorwerk" "Nawerk" "Terug naar noot"
          "Beschrijving van het handschrift"
          ["Inhoud" "Fysieke beschrijving" "Geschiedenis" "Verdere gegevens"];
};

impl Words {
    /// The words in a language, or in English.
    pub(super) fn of(language: &str) -> &'static Self {
        WORDS.iter().find(|words| is_of(language, words.language)).unwrap_or(&WORDS[0])
    }
}
