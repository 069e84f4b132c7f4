import Arrays
import CImageFiles
import Support

extension ImageDecoder {
    /// Decodes to the target's size and channels, into `pixels`.
    ///
    /// A JPEG of at least twice the target's size is decoded at a half, a quarter or an eighth, from the low frequencies of
    /// its blocks, as long as that is not smaller than the target; what is left is averaged by area.
    func decode(
        _ bytes: UnsafeRawBufferPointer, to target: ImageTarget,
        into pixels: UnsafeMutableBufferPointer<UInt8>,
        name: String?, _ space: DecodingSpace
    ) throws {
        let header = try checkedHeader(bytes, name: name)
        let shown = ImagePlacement(height: header.height, width: header.width, in: target)
        let placement = shown.stored(header.orientation)
        let eighths = header.format == .jpeg ? Self.eighths(for: placement) : 8
        let width = (header.storedWidth * eighths + 7) / 8
        let height = (header.storedHeight * eighths + 7) / 8
        let decoded = try space.bytes(width * height * target.color.channels, for: .decoded, name: name)
        if !isReduced(bytes, header, target.color, eighths: eighths, into: decoded, space) {
            try unpack(bytes, header, target.color, eighths: eighths, into: decoded, name: name)
        }
        try target.fill(
            pixels, from: UnsafeRawBufferPointer(decoded), height: height, width: width,
            scale: Double(eighths) / 8,
            shown, header.orientation, name: name, space)
    }

    /// Decodes a JPEG at less than its size, if it is of the usual kind and without a fault; returns whether it did. Else
    /// `unpack` does, and says what is wrong.
    func isReduced(
        _ bytes: UnsafeRawBufferPointer, _ header: ImageHeader, _ color: ImageColor, eighths: Int,
        into pixels: UnsafeMutableRawBufferPointer, _ space: DecodingSpace
    ) -> Bool {
        guard header.format == .jpeg, eighths < 8 else { return false }
        return cif_jpeg_decode_reduced(
            space.reducedJPEG(), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count,
            header.storedWidth,
            header.storedHeight, Int32(eighths), Int32(color.channels),
            pixels.bindMemory(to: UInt8.self).baseAddress) == 1
    }

    /// How many eighths of a JPEG's size are enough for a placement.
    static func eighths(for placement: ImagePlacement) -> Int {
        let ratio = min(
            placement.windowWidth / Double(placement.width), placement.windowHeight / Double(placement.height)
        )
        return ratio >= 8 ? 1 : ratio >= 4 ? 2 : ratio >= 2 ? 4 : 8
    }
}

extension ImageTarget {
    /// Returns `image` at the target's size and channels.
    ///
    /// Along each axis on its own: an axis that becomes shorter is averaged by exact coverage, whatever the ratio; one that
    /// becomes longer is interpolated linearly between pixel centres.
    ///
    /// - Parameter image: `[H, W]` or `[H, W, 3]`.
    /// - Precondition: such a shape, H and W at least 1.
    /// - Complexity: O(H W).
    package func resized(_ image: NDArray<UInt8>) -> NDArray<UInt8> {
        let channels = image.ndim == 3 ? image.shape[2] : 1
        guard image.ndim == 2 || image.ndim == 3, channels == 1 || channels == 3, image.count > 0 else {
            mistake("a picture has shape [H, W] or [H, W, 3], not \(image.shape)")
        }
        let (height, width) = (image.shape[0], image.shape[1])
        let shown = ImagePlacement(height: height, width: width, in: self)
        return image.withUnsafeElements { elements in
            NDArray(shape: shape) { pixels in
                do {
                    let space = DecodingSpace()
                    var source = UnsafeRawBufferPointer(elements)
                    if channels != color.channels {
                        let converted = try space.bytes(
                            height * width * color.channels, for: .decoded, name: nil)
                        cif_convert_row(
                            elements.baseAddress, Int32(channels), 255,
                            converted.bindMemory(to: UInt8.self).baseAddress, Int32(color.channels),
                            height * width)
                        source = UnsafeRawBufferPointer(converted)
                    }
                    try fill(
                        pixels, from: source, height: height, width: width, scale: 1, shown, .upright,
                        name: nil,
                        space)
                } catch {
                    // As every other array ends for which there is no room.
                    mistake("\(error)")
                }
            }
        }
    }

    /// Resamples, turns and places pixels of the target's channels.
    ///
    /// `scale`: how much smaller they are than the picture that `shown` was computed for.
    func fill(
        _ pixels: UnsafeMutableBufferPointer<UInt8>, from source: UnsafeRawBufferPointer, height: Int,
        width: Int,
        scale: Double, _ shown: ImagePlacement, _ orientation: ImageOrientation, name: String?,
        _ space: DecodingSpace
    ) throws {
        require(pixels.count == byteCount, "\(pixels.count) bytes for a picture of \(byteCount)")
        let pixels = UnsafeMutableRawBufferPointer(pixels)
        let stored = shown.stored(orientation)
        let isWhole = shown.width == self.width && shown.height == self.height
        let isDirect = isWhole && orientation == .upright
        let resampled =
            isDirect
            ? pixels
            : try space.bytes(stored.width * stored.height * color.channels, for: .resampled, name: name)
        let window = cif_window(
            left: stored.left * scale, top: stored.top * scale, width: stored.windowWidth * scale,
            height: stored.windowHeight * scale)
        let status = cif_resample(
            source.bindMemory(to: UInt8.self).baseAddress, width, height, Int32(color.channels), window,
            resampled.bindMemory(to: UInt8.self).baseAddress, stored.width, stored.height)
        guard status == CIF_OK else {
            throw DescentError(.unavailable, "not enough memory for the picture", at: name)
        }
        guard !isDirect else { return }
        if !isWhole { pad(pixels) }
        let place = (shown.row * self.width + shown.column) * color.channels
        cif_orient(
            resampled.bindMemory(to: UInt8.self).baseAddress, stored.width, stored.height,
            Int32(color.channels),
            Int32(orientation.rawValue), pixels.bindMemory(to: UInt8.self).baseAddress.map { $0 + place },
            self.width * color.channels)
    }

    private func pad(_ pixels: UnsafeMutableRawBufferPointer) {
        let channels = [padding.red, padding.green, padding.blue]
        var pixel = channels
        if color == .gray { cif_convert_row(channels, 3, 255, &pixel, 1, 1) }
        let count = color.channels
        for place in stride(from: 0, to: pixels.count, by: count) {
            for channel in 0..<count { pixels[place + channel] = pixel[channel] }
        }
    }
}
