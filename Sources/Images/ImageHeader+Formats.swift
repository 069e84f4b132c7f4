/// The headers of the three formats, as far as sizes and orientation ask for; nil: damaged or cut off. The libraries read them
/// again when they decode, and a difference is an error there.
extension ImageHeader {
    /// PNG (ISO/IEC 15948): a first chunk IHDR, and somewhere eXIf.
    static func png(_ bytes: inout ImageBytes) -> ImageHeader? {
        guard bytes.integer(8, 4) == 13, bytes.has("IHDR", at: 12), let width = bytes.integer(16, 4),
            let height = bytes.integer(20, 4), let bits = bytes.integer(24, 1),
            let color = bytes.integer(25, 1), width < 1 << 31, height < 1 << 31
        else { return nil }
        var hasAlpha = color & 4 != 0
        var orientation = ImageOrientation.upright
        // Each chunk: length, type, contents, CRC.
        var place = 33
        while let length = bytes.integer(place, 4), length < 1 << 31 {
            if bytes.has("tRNS", at: place + 4) { hasAlpha = true }
            if bytes.has("eXIf", at: place + 4) {
                let contents = place + 8..<min(place + 8 + length, bytes.count)
                if !contents.isEmpty { orientation = ImageOrientation(exif: &bytes, in: contents) }
                break
            }
            if bytes.has("IEND", at: place + 4) { break }
            place += 12 + length
        }
        var header = ImageHeader(
            .png, width: width, height: height, hasColor: color & 2 != 0, hasAlpha: hasAlpha,
            bitsPerSample: bits)
        header.orientation = orientation
        return header
    }

    /// JPEG (ITU-T T.81, B.2): segments up to the start of a frame.
    static func jpeg(_ bytes: inout ImageBytes) -> ImageHeader? {
        var place = 2
        var orientation: ImageOrientation?
        while true {
            // Bytes between segments are passed over, as libjpeg does; 0xFF may be repeated before a marker.
            while let byte = bytes.byte(place), byte != 0xFF { place += 1 }
            while bytes.byte(place) == 0xFF { place += 1 }
            guard let marker = bytes.byte(place) else { return nil }
            place += 1
            switch marker {
            case 0x00, 0x01, 0xD0...0xD8: continue
            case 0xD9, 0xDA: return nil
            default: break
            }
            guard let length = bytes.integer(place, 2), length >= 2 else { return nil }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard let bits = bytes.integer(place + 2, 1), let height = bytes.integer(place + 3, 2),
                    let width = bytes.integer(place + 5, 2), let parts = bytes.integer(place + 7, 1)
                else { return nil }
                var header = ImageHeader(
                    .jpeg, width: width, height: height, hasColor: parts > 1, bitsPerSample: bits)
                header.orientation = orientation ?? .upright
                return header
            case 0xE1 where orientation == nil && bytes.has("Exif\0", at: place + 2):
                let contents = place + 2..<max(place + 2, min(place + length, bytes.count))
                orientation = ImageOrientation(exif: &bytes, in: contents)
            default: break
            }
            place += length
        }
    }

    /// WebP (RFC 9649): a lossy, a lossless or an extended first chunk; EXIF is among the last.
    static func webp(_ bytes: inout ImageBytes) -> ImageHeader? {
        func little(_ place: Int, _ length: Int) -> Int? {
            bytes.integer(place, length, littleEndian: true)
        }
        if bytes.has("VP8 ", at: 12) {
            guard little(23, 3) == 0x2A_019D, let width = little(26, 2), let height = little(28, 2) else {
                return nil
            }
            return ImageHeader(.webp, width: width & 0x3FFF, height: height & 0x3FFF, hasColor: true)
        }
        if bytes.has("VP8L", at: 12) {
            guard little(20, 1) == 0x2F, let fields = little(21, 4) else { return nil }
            return ImageHeader(
                .webp, width: fields & 0x3FFF + 1, height: fields >> 14 & 0x3FFF + 1, hasColor: true,
                hasAlpha: fields >> 28 & 1 == 1)
        }
        guard bytes.has("VP8X", at: 12), let flags = little(20, 1), let width = little(24, 3),
            let height = little(27, 3), let length = little(16, 4)
        else { return nil }
        var header = ImageHeader(
            .webp, width: width + 1, height: height + 1, hasColor: true, hasAlpha: flags & 0x10 != 0,
            isAnimated: flags & 0x02 != 0)
        guard flags & 0x08 != 0 else { return header }
        var place = 20 + length + length % 2
        while let length = little(place + 4, 4) {
            if bytes.has("EXIF", at: place) {
                let contents = place + 8..<min(place + 8 + length, max(bytes.count, place + 8))
                header.orientation = ImageOrientation(exif: &bytes, in: contents)
                break
            }
            place += 8 + length + length % 2
        }
        return header
    }
}
