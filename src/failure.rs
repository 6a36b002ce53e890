//! Why the work on one document could not go on.

use std::io;

use crate::source::Span;

/// Ends the conversion of *this document*, never of a batch.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The file system or a stream refused.
    #[error("{path}: {cause}")]
    File {
        /// The file, as the user named it.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The bytes are not text in any encoding that was stated or could be guessed.
    #[error("not readable as text: {message}")]
    Encoding {
        /// What was found, and what was expected.
        message: String,
    },
    /// XML, YAML or JSON that breaks the rules of its syntax.
    #[error("not well-formed: {message}")]
    NotWellFormed {
        /// What was found, and what was expected.
        message: String,
        /// Where.
        span: Span,
    },
    /// XML without a fault, but not of the format that it should be: TEI P4 for P5.
    #[error("{message}")]
    OtherFormat {
        /// What was found, and what was expected.
        message: String,
        /// Where.
        span: Span,
    },
    /// Nesting, entity expansion or size beyond the limits in force.
    #[error("beyond the limit: {message}")]
    Limit {
        /// Which limit, its value, and the option that raises it.
        message: String,
        /// Where.
        span: Span,
    },
    /// No reader or writer of that name, or the content is of no known format.
    #[error("{message}")]
    UnknownFormat {
        /// What was asked for, and what there is.
        message: String,
    },
    /// A zip archive that is damaged or hostile.
    #[error("archive: {message}")]
    Archive {
        /// What was found.
        message: String,
    },
    /// The input is a format of ours, but not one that this version can take.
    #[error("{message}")]
    Unsupported {
        /// What was found, and what is supported.
        message: String,
    },
}

impl Failure {
    /// Where in the input, if the failure knows.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::NotWellFormed { span, .. } | Self::OtherFormat { span, .. } | Self::Limit { span, .. } => Some(*span),
            _ => None,
        }
    }

    /// Names the file that an input or output error speaks of.
    pub fn file(path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
