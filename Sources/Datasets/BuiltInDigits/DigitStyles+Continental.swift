import Arrays
import CKernels
import ExampleData

extension DigitStyles {
    /// The styles as they are shared out on the European continent: a 1 begins with a long upstroke, a 7 has a bar, a 9 a hooked
    /// tail. MNIST, whose writers are American, has few of them, and a network that learns from it alone reads the first as 7.
    ///
    /// Drawn by hand, looking at the digits of scikit-learn's `load_digits` that a network misread.
    static let continental: [DigitStyle] = {
        let longFlags = [
            DigitStyle(
                1, "with a long flag", share: 0.6, lean: (0.1, 0.16), stretch: (0.05, 0.2),
                freedom: 0.8, boldness: 1.05,
                shapes: [
                    "16,46 34,24 !54,0 53,34 51,67 50,100",
                    "8,36 30,20 !56,0 55,34 53,67 52,100",
                    "26,58 38,32 !54,0 53,34 52,67 52,100",
                    "4,52 28,28 !54,2 53,34 51,67 48,100",
                    "24,30 38,17 !54,0 54,34 53,67 53,100",
                ]),
            DigitStyle(
                1, "with a long flag and a foot", share: 0.1, lean: (0.08, 0.16), stretch: (0.05, 0.2),
                freedom: 0.8, boldness: 1.05,
                shapes: [
                    "14,44 34,22 !54,0 53,34 51,67 50,100 | 22,100 50,100 80,99",
                    "24,54 38,30 !54,0 53,34 52,67 52,100 | 16,99 50,100 86,98",
                ]),
        ]
        let shared = all.map { style in
            switch (style.digit, style.name) {
            case (1, "a plain stroke"): style.with(share: 0.15)
            case (7, let name) where name.contains("bar"): style.with(share: style.share * 5)
            case (7, let name) where name.contains("serif"): style.with(share: style.share * 2)
            case (9, "with a hooked tail"): style.with(share: 0.8)
            default: style
            }
        }
        return shared.filter { $0.digit < 1 } + longFlags + shared.filter { $0.digit >= 1 }
    }()
}

extension DigitStyle {
    /// Returns the same style at another frequency.
    fileprivate func with(share: Float) -> DigitStyle {
        DigitStyle(
            digit, name, share: share, lean: (lean.mean, lean.spread),
            stretch: (stretch.mean, stretch.spread),
            freedom: freedom, boldness: boldness, shapes: shapes)
    }
}

extension BuiltInDigits {
    /// Returns digits in the styles of the European continent, the first `count` of a seed's stream.
    package static func continental(count: Int, seed: UInt64 = 1) -> LabeledExamples {
        var images = NDArray<UInt8>(shape: [count, side, side], repeating: 0)
        var labels = NDArray<UInt8>(shape: [count], repeating: 0)
        images.withUnsafeMutableElements { pixels in
            labels.withUnsafeMutableElements { classes in
                DigitBook.continental.generate(seed: seed, firstIndex: 0, images: pixels, labels: classes)
            }
        }
        return LabeledExamples(
            .bytes(images), classes: labels.elements.map { Int32($0) },
            classNames: (0..<10).map(String.init))
    }
}
