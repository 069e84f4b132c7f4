import Arrays
import ExampleData
import ONNXImport
import Support

/// How pictures go into an ONNX graph: their size, where the channels lie, and what is made of the pixels.
package struct ONNXPictures: Codable, Hashable, Sendable {
    /// Where the channels lie.
    package enum Layout: String, Codable, Sendable {
        /// [N, C, H, W].
        case channelsFirst = "NCHW"
        /// [N, H, W, C].
        case channelsLast = "NHWC"
        /// [N, H, W], grey.
        case grey = "NHW"
        /// [N, H W], grey, of square pictures.
        case flat = "ND"
    }

    /// What the caller says of them, where the file does not.
    package struct Settings: Sendable {
        /// The size where the graph takes any.
        package var size: (width: Int, height: Int)?
        /// The mean of each channel, or one for all, of pixels from 0 to 1.
        package var mean: [Double]?
        /// The deviation of each channel, or one for all.
        package var deviation: [Double]?

        /// Settings that leave all to the file.
        package init() {}
    }

    /// The mean and the deviation of ImageNet's pixels from 0 to 1, which most networks of photographs are given.
    package static let imageNet = (mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
    /// The side of the pictures where neither the graph nor the caller says one.
    package static let usualSide = 224

    package let height: Int
    package let width: Int
    package let channels: Int
    package let layout: Layout
    /// Whether the graph takes bytes as they are, and prepares them itself.
    package let isRaw: Bool
    package let mean: [Double]
    package let deviation: [Double]

    /// Finds the form of a model's only input.
    ///
    /// - Throws: `badData` where it does not take pictures; `usage` for settings that do not fit it.
    package init(of model: ONNXModel, _ settings: Settings, at path: String) throws {
        guard model.inputs.count == 1, let input = model.inputs.first else {
            throw DescentError(
                .badData, "the graph does not take pictures alone", at: path, expected: "one input",
                got: model.inputs.map { "'\($0.name)' \($0.formText)" }.joined(separator: ", "))
        }
        let noPictures = DescentError(
            .badData, "the graph does not take pictures", at: "\(path), input '\(input.name)'",
            expected: "float32 or uint8 [N, C, H, W], [N, H, W, C] or [N, H, W], with 1 or 3 channels",
            got: input.formText)
        guard let axes = input.shape, input.type == .float32 || input.type == .uint8 else { throw noPictures }
        isRaw = input.type == .uint8
        var size: (height: Int?, width: Int?)
        switch axes.count {
        case 4:
            let isFirst = axes[1] == 1 || axes[1] == 3 || !(axes[3] == 1 || axes[3] == 3) && axes[1] == nil
            let count = isFirst ? axes[1] ?? 3 : axes[3] ?? 3
            guard count == 1 || count == 3 else { throw noPictures }
            (layout, channels) = (isFirst ? .channelsFirst : .channelsLast, count)
            size = isFirst ? (axes[2], axes[3]) : (axes[1], axes[2])
        case 3:
            (layout, channels, size) = (.grey, 1, (axes[1], axes[2]))
        case 2:
            let side = axes[1].map { Int(Double($0).squareRoot().rounded()) } ?? 0
            guard side > 1, side * side == axes[1] else { throw noPictures }
            (layout, channels, size) = (.flat, 1, (side, side))
        default: throw noPictures
        }
        if let wanted = settings.size {
            guard size.height ?? wanted.height == wanted.height, size.width ?? wanted.width == wanted.width
            else {
                throw DescentError(
                    .usage, "the graph takes pictures of another size", at: "`imageSize`",
                    expected: "\(size.width ?? wanted.width)x\(size.height ?? wanted.height)",
                    got: "\(wanted.width)x\(wanted.height)")
            }
            size = (wanted.height, wanted.width)
        }
        height = size.height ?? size.width ?? Self.usualSide
        width = size.width ?? size.height ?? Self.usualSide
        guard (1...16384).contains(height), (1...16384).contains(width) else { throw noPictures }
        if isRaw, settings.mean != nil || settings.deviation != nil {
            throw DescentError(
                .usage, "the graph takes bytes and prepares them itself", at: "`mean`",
                expected: "no mean and no deviation")
        }
        let count = channels
        func each(_ given: [Double]?, _ usual: [Double], _ name: String, isDivisor: Bool) throws -> [Double] {
            let values = given ?? usual
            guard values.count == 1 || values.count == count,
                values.allSatisfy({ $0.isFinite && (!isDivisor || $0 > 0) })
            else {
                throw DescentError(
                    .usage, "impossible numbers", at: name,
                    expected:
                        "1\(count > 1 ? " or \(count)" : "") numbers\(isDivisor ? " above 0" : "")",
                    got: values.map { "\($0)" }.joined(separator: ","))
            }
            return values.count == count ? values : Array(repeating: values[0], count: count)
        }
        let isPhotograph = count == 3 && !isRaw
        mean = try each(settings.mean, isPhotograph ? Self.imageNet.mean : [0], "`mean`", isDivisor: false)
        deviation = try each(
            settings.deviation, isPhotograph ? Self.imageNet.deviation : [1], "`deviation`", isDivisor: true)
    }

    /// The shape of one example: [H, W] or [3, H, W].
    package var exampleShape: [Int] { channels == 1 ? [height, width] : [channels, height, width] }

    /// In words: `224x224, colour, mean 0.485,0.456,0.406, deviation ...`.
    package var words: String {
        let pixels =
            isRaw
            ? "bytes as they are"
            : "pixels from 0 to 1, mean \(Self.list(mean)), deviation \(Self.list(deviation))"
        return
            "pictures of \(width)x\(height) in \(channels == 1 ? "grey" : "colour"), \(layout.rawValue), \(pixels)"
    }

    private static func list(_ numbers: [Double]) -> String {
        numbers.map { Numerals.number($0) }.joined(separator: ",")
    }

    private func shape(_ count: Int) -> [Int] {
        switch layout {
        case .channelsFirst: [count, channels, height, width]
        case .channelsLast: [count, height, width, channels]
        case .grey: [count, height, width]
        case .flat: [count, height * width]
        }
    }

    /// Returns examples as the graph takes them, `count` of them: zeros follow where there are fewer. Pictures of another size are
    /// brought to this one, grey ones are given as three equal channels and colours in grey, where the graph takes those.
    ///
    /// - Throws: `badData` where they are no images of bytes.
    func tensor(of examples: FeatureMatrix, count: Int) throws -> ONNXTensor {
        guard case .bytes(var images) = examples.storage, FeatureMatrix.isImage(examples.exampleShape) else {
            throw DescentError(
                .badData, "these features are those of images", at: "features", expected: "images in bytes",
                got: "examples of shape \(examples.exampleShape)")
        }
        if channels == 1, examples.exampleShape.count == 3, let grey = examples.greyImages { images = grey }
        let given = images.shape
        let (planes, rows, columns) = (
            given.count == 4 ? given[1] : 1, given[given.count - 2], given[given.count - 1]
        )
        let plane = height * width
        var pixels = [UInt8](repeating: 0, count: count * channels * plane)
        let rowPlaces = Sampling.places(from: rows, to: height)
        let columnPlaces = Sampling.places(from: columns, to: width)
        images.withUnsafeElements { source in
            for index in 0..<examples.count {
                for channel in 0..<channels {
                    let first = (index * planes + min(channel, planes - 1)) * rows * columns
                    let target = (index * channels + channel) * plane
                    if rows == height, columns == width {
                        for place in 0..<plane { pixels[target + place] = source[first + place] }
                        continue
                    }
                    for row in 0..<height {
                        let vertical = rowPlaces[row]
                        let (above, below) = (
                            first + vertical.first * columns, first + vertical.second * columns
                        )
                        for column in 0..<width {
                            let side = columnPlaces[column]
                            func mixed(_ start: Int) -> Float {
                                Float(source[start + side.first]) * (1 - side.share)
                                    + Float(source[start + side.second]) * side.share
                            }
                            let value = mixed(above) * (1 - vertical.share) + mixed(below) * vertical.share
                            pixels[target + row * width + column] = UInt8(value + 0.5)
                        }
                    }
                }
            }
        }
        // Where the element of a channel lies.
        let isLast = layout == .channelsLast && channels > 1
        func place(_ index: Int, _ channel: Int, _ pixel: Int) -> Int {
            isLast
                ? (index * plane + pixel) * channels + channel
                : (index * channels + channel) * plane + pixel
        }
        if isRaw {
            guard isLast else { return try ONNXTensor(pixels, shape: shape(count)) }
            var moved = pixels
            for index in 0..<count {
                for channel in 0..<channels {
                    for pixel in 0..<plane {
                        moved[place(index, channel, pixel)] =
                            pixels[(index * channels + channel) * plane + pixel]
                    }
                }
            }
            return try ONNXTensor(moved, shape: shape(count))
        }
        let tables = (0..<channels).map { channel in
            (0..<256).map { Float((Double($0) / 255 - mean[channel]) / deviation[channel]) }
        }
        var numbers = [Float](repeating: 0, count: pixels.count)
        for index in 0..<count {
            for channel in 0..<channels {
                let table = tables[channel]
                for pixel in 0..<plane {
                    numbers[place(index, channel, pixel)] =
                        table[Int(pixels[(index * channels + channel) * plane + pixel])]
                }
            }
        }
        return try ONNXTensor(numbers, shape: shape(count))
    }
}

/// Bilinear sampling of a line of pixels.
private enum Sampling {
    /// The two pixels between which each of `count` lies, and the share of the second.
    static func places(from length: Int, to count: Int) -> [(first: Int, second: Int, share: Float)] {
        (0..<count).map { place in
            let center = (Double(place) + 0.5) * Double(length) / Double(count) - 0.5
            let bounded = min(max(center, 0), Double(length - 1))
            let first = Int(bounded)
            return (first, min(first + 1, length - 1), Float(bounded - Double(first)))
        }
    }
}
