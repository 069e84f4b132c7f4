/// An estimate of a text's width: the font is the reader's, so this errs on the wide side (DejaVu Sans).
enum TextMetrics {
    static func width(of text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + widthInEms($1) } * size
    }

    private static func widthInEms(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "\u{A0}": 0.34
        case "f", "r", "t", "(", ")", "[", "]", "/", "-": 0.42
        case "m", "w", "M", "W", "%", "@": 0.95
        case "A"..."Z", "\u{2212}", "+", "=": 0.72
        case "0"..."9": 0.64
        case "\u{1100}"..."\u{11FF}", "\u{2E80}"..."\u{9FFF}", "\u{AC00}"..."\u{D7FF}",
            "\u{FF00}"..."\u{FF60}":
            1
        default: 0.62
        }
    }
}
