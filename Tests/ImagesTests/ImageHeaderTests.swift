import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Images

@Suite struct ImageHeaderTests {
    /// The header says what decoding gives, from memory and from a file.
    @Test func headersAgreeWithThePixels() throws {
        try withTemporaryDirectory { directory in
            for picture in try ImageVectors.read().cases {
                let header = try ImageHeader(of: picture.bytes)
                let path = directory + "/a"
                try picture.file.write(to: URL(fileURLWithPath: path))
                #expect(try ImageHeader(contentsOf: path) == header, "\(picture.name)")
                #expect(
                    [header.height, header.width] + (header.hasColor ? [3] : []) == picture.shape,
                    "\(picture.name)")
                #expect(picture.name.lowercased().hasPrefix(header.format.rawValue.lowercased()))
            }
        }
    }

    @Test func formatsBitsAndOpacity() throws {
        func header(_ name: String) throws -> ImageHeader { try ImageHeader(of: ImageVectors.bytes(name)) }
        #expect(try header("png gray 2 bits").bitsPerSample == 2)
        #expect(try header("png rgba 16 bits").bitsPerSample == 16)
        #expect(try header("png rgba 16 bits").hasAlpha)
        #expect(try header("png palette with opacity").hasAlpha)
        #expect(try !header("png palette").hasAlpha)
        #expect(try header("webp lossy with opacity").hasAlpha)
        #expect(try header("webp lossless with opacity").hasAlpha)
        #expect(try !header("jpeg gray").hasColor)
        #expect(try header("jpeg ycck").hasColor)
        #expect(try header("jpeg orientation 6").orientation == .quarterTurn)
        #expect(try header("png turned").orientation == .quarterTurn)
        #expect(try header("webp turned").orientation == .threeQuarterTurn)
    }

    // MARK: EXIF

    /// EXIF data with one entry in its first directory.
    private func exif(
        _ order: String = "II", tag: Int = 0x0112, type: Int = 3, count: Int = 1, value: Int = 6,
        entries: Int = 1,
        directory: Int = 8, magic: Int = 42
    ) -> [UInt8] {
        func number(_ value: Int, _ length: Int) -> [UInt8] {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return order == "II" ? bytes : bytes.reversed()
        }
        return Array(order.utf8) + number(magic, 2) + number(directory, 4) + number(entries, 2)
            + number(tag, 2)
            + number(type, 2) + number(count, 4) + (type == 3 ? number(value, 2) + [0, 0] : number(value, 4))
    }

    private func orientation(_ exif: [UInt8]) -> Int {
        exif.withUnsafeBytes { bytes in
            var source = ImageBytes(bytes)
            return ImageOrientation(exif: &source, in: 0..<exif.count).rawValue
        }
    }

    @Test func orientationOfEXIF() {
        for value in 1...8 {
            #expect(orientation(exif(value: value)) == value)
            #expect(orientation(exif("MM", value: value)) == value)
            #expect(orientation(exif("MM", type: 4, value: value)) == value)
            #expect(orientation(Array("Exif\0\0".utf8) + exif(value: value)) == value)
        }
    }

    @Test func brokenEXIFIsUpright() {
        #expect(orientation([]) == 1)
        #expect(orientation(exif(value: 0)) == 1)
        #expect(orientation(exif(value: 9)) == 1)
        #expect(orientation(exif(value: 65535)) == 1)
        #expect(orientation(exif("XX")) == 1)
        #expect(orientation(exif(magic: 43)) == 1)
        #expect(orientation(exif(tag: 0x0110)) == 1)
        #expect(orientation(exif(type: 2)) == 1)
        #expect(orientation(exif(count: 2)) == 1)
        #expect(orientation(exif(entries: 0)) == 1)
        #expect(orientation(exif(entries: 65535)) == 6)
        #expect(orientation(exif(tag: 0x0110, entries: 65535)) == 1)
        for directory in [0, 7, 9, 100, 0x7FFF_FFFF, 0xFFFF_FFFF] {
            #expect(orientation(exif(directory: directory)) == 1)
        }
        for length in 0..<exif().count - 2 { #expect(orientation(Array(exif().prefix(length))) == 1) }
    }

    /// EXIF that lies about sizes (the vectors' says 9,999 pixels) or reaches beyond its segment changes nothing but the
    /// orientation.
    @Test func aJPEGWhoseEXIFLies() throws {
        let whole = try ImageVectors.bytes("jpeg orientation 6")
        #expect(try ImageHeader(of: whole).storedWidth == 26)
        let segment = try #require(whole.indices.first { whole[$0...].starts(with: Array("Exif".utf8)) })
        // The directory's address points behind the segment.
        var outside = whole
        outside.replaceSubrange(segment + 10..<segment + 14, with: [0x00, 0x00, 0xFF, 0x00])
        let image = try ImageDecoder().decode(outside)
        #expect(image.shape == [19, 26, 3])
        // The segment is longer than the file: no frame is found in it.
        var long = whole
        long.replaceSubrange(segment - 2..<segment, with: [0xFF, 0xFF])
        #expect(
            failure { _ = try ImageDecoder().decode(long, name: "f") }
                == "badData: f: the header of the JPEG file is damaged or cut off; get the file again, or leave it out"
        )
    }
}
