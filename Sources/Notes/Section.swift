import Support

/// A section of the notebook: its words, its code, and the figures that the code must print.
package struct Section: Sendable {
    /// A picture that the code makes.
    package struct Picture: Sendable {
        /// The file's name.
        package let file: String
        /// The caption.
        package let caption: Words

        init(_ file: String, _ caption: Words) {
            self.file = file
            self.caption = caption
        }
    }

    /// The number, from 1.
    package let number: Int
    /// The snippet's name: `swift run 01-arrays`.
    package let snippet: String
    /// The title.
    package let title: Words
    /// The explanation before the code, paragraphs parted by empty lines.
    package let text: Words
    /// The figures, in the order in which they are printed.
    package let figures: [Figure]
    /// The pictures.
    package let pictures: [Picture]
    /// A remark after the figures, if any.
    package let afterword: Words?
    /// Whether it uses MNIST, or the built-in digits in its place.
    package let needsDigits: Bool
    /// Whether it computes for more than about a second.
    package let isLong: Bool

    init(
        _ number: Int, _ snippet: String, title: Words, text: Words, figures: [Figure],
        pictures: [Picture] = [], afterword: Words? = nil, needsDigits: Bool = false, isLong: Bool = false
    ) {
        self.number = number
        self.snippet = snippet
        self.title = title
        self.text = text
        self.figures = figures
        self.pictures = pictures
        self.afterword = afterword
        self.needsDigits = needsDigits
        self.isLong = isLong
    }

    /// Returns the section that `name` means: its number, its program's name, or a part of that or of a title that only
    /// one has.
    package static func named(_ name: String) -> [Section] {
        let wanted = name.lowercased()
        if let exact = all.first(where: { "\($0.number)" == wanted || $0.snippet == wanted }) {
            return [exact]
        }
        let whole = all.filter { $0.snippet.drop { $0 != "-" }.dropFirst() == wanted }
        if !whole.isEmpty { return whole }
        guard !wanted.isEmpty else { return [] }
        let parts = all.filter { $0.snippet.drop { $0 != "-" }.contains(wanted) }
        if !parts.isEmpty { return parts }
        return all.filter { $0.title.en.lowercased().contains(wanted) || $0.title.ko.contains(wanted) }
    }

    /// All sections, in order.
    package static let all: [Section] = [
        .arrays, .forwardPass, .softmax, .losses, .generalisation, .mnist, .miniBatch,
        .numericalDifferentiation,
        .gradient, .gradientDescent, .inference, .twoLayerNet, .backpropagation, .features, .epochs,
    ]
}
