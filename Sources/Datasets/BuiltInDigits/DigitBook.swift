import Arrays
import CKernels
import Support

/// All styles, flattened into the tables that the C kernel reads.
struct DigitBook: Sendable {
    static let standard = DigitBook(DigitStyles.all)
    static let continental = DigitBook(DigitStyles.continental)

    private let styles: [ck_digit_style]
    private let pens: [UInt8]
    private let coordinates: [Float]

    /// - Precondition: the styles are sorted by digit, each of 0...9 has one, and the shapes of each agree. They
    ///   are this module's own tables, so that a mistake in them is a mistake in the program; a test reads them.
    init(_ table: [DigitStyle]) {
        var styles: [ck_digit_style] = []
        var pens: [UInt8] = []
        var coordinates: [Float] = []
        for style in table {
            let shapes = style.shapes.compactMap { DigitShape($0) }
            guard let first = shapes.first, shapes.count == style.shapes.count,
                shapes.count <= Int(CK_DIGIT_MAX_KEYS), shapes.allSatisfy({ $0.pens == first.pens })
            else { mistake("the shapes of \(style.digit), \(style.name), do not agree") }
            styles.append(
                ck_digit_style(
                    digit: Int32(style.digit), share: style.share, point_count: Int32(first.pens.count),
                    key_count: Int32(shapes.count), first_pen: Int32(pens.count),
                    first_xy: Int32(coordinates.count), lean: style.lean.mean, lean_spread: style.lean.spread,
                    stretch: style.stretch.mean, stretch_spread: style.stretch.spread, freedom: style.freedom,
                    boldness: style.boldness))
            pens += first.pens
            for shape in shapes { coordinates += shape.coordinates }
        }
        require(
            zip(table, table.dropFirst()).allSatisfy { $0.digit <= $1.digit }
                && Set(table.map(\.digit)) == Set(0...9),
            "the styles are not those of the digits 0...9 in order")
        self.styles = styles
        self.pens = pens
        self.coordinates = coordinates
    }

    /// Draws `labels.count` images.
    ///
    /// - Precondition: `images` has 28 x 28 elements for each label.
    func generate(
        seed: UInt64, firstIndex: UInt64, images: UnsafeMutableBufferPointer<UInt8>,
        labels: UnsafeMutableBufferPointer<UInt8>
    ) {
        require(
            images.count == labels.count * BuiltInDigits.side * BuiltInDigits.side,
            "\(labels.count) labels and \(images.count) bytes of images do not fit")
        // The kernel writes within both buffers, and reads within the three tables while they are borrowed here.
        styles.withUnsafeBufferPointer { styles in
            pens.withUnsafeBufferPointer { pens in
                coordinates.withUnsafeBufferPointer { coordinates in
                    var book = ck_digit_book(
                        styles: styles.baseAddress, style_count: Int32(styles.count), pens: pens.baseAddress,
                        xy: coordinates.baseAddress, variation: DigitVariation.standard)
                    ck_digits_generate(
                        &book, seed, firstIndex, labels.count, images.baseAddress, labels.baseAddress)
                }
            }
        }
    }
}
