/// How a picture of another shape is made to fit.
public enum ImageFit: String, Codable, Sendable, CaseIterable {
    /// The middle of it, with what is too wide or too high cut off.
    case crop
    /// All of it, with borders.
    case pad
    /// All of it, with its shape changed.
    case stretch
}
