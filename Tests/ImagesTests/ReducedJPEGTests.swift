import Arrays
import TestSupport
import Testing

@testable import Images

/// JPEGs at a fraction of their size, which our own reader decodes where it can.
@Suite struct ReducedJPEGTests {
    /// A picture at `eighths` of its size; nil where that is left to libjpeg.
    private func reduced(_ bytes: [UInt8], _ color: ImageColor, _ eighths: Int, _ space: DecodingSpace) throws
        -> [UInt8]?
    {
        try bytes.withUnsafeBytes { buffer in
            let header = try ImageDecoder().checkedHeader(buffer, name: nil)
            let size = ((header.storedWidth * eighths + 7) / 8) * ((header.storedHeight * eighths + 7) / 8)
            var pixels = [UInt8](repeating: 0, count: size * color.channels)
            let isDone = pixels.withUnsafeMutableBytes {
                ImageDecoder().isReduced(buffer, header, color, eighths: eighths, into: $0, space)
            }
            return isDone ? pixels : nil
        }
    }

    /// The same by libjpeg.
    private func byLibrary(_ bytes: [UInt8], _ color: ImageColor, _ eighths: Int) throws -> [UInt8] {
        try bytes.withUnsafeBytes { buffer in
            let header = try ImageDecoder().checkedHeader(buffer, name: nil)
            let size = ((header.storedWidth * eighths + 7) / 8) * ((header.storedHeight * eighths + 7) / 8)
            var pixels = [UInt8](repeating: 0, count: size * color.channels)
            try pixels.withUnsafeMutableBytes {
                try ImageDecoder().unpack(buffer, header, color, eighths: eighths, into: $0, name: nil)
            }
            return pixels
        }
    }

    private static let usual = ["jpeg 4:4:4", "jpeg 4:2:2", "jpeg 4:2:0", "jpeg gray", "jpeg with restarts"]
    private static let others = [
        "jpeg progressive", "jpeg progressive gray", "jpeg rgb", "jpeg cmyk", "jpeg ycck",
    ]

    @Test(arguments: usual) func usualKindsAreRead(name: String) throws {
        let (bytes, space) = (try ImageVectors.bytes(name), DecodingSpace())
        for eighths in [1, 2, 4] {
            for color in [ImageColor.gray, .rgb] {
                let found = try #require(try reduced(bytes, color, eighths, space))
                let library = try byLibrary(bytes, color, eighths)
                let differences = paired(found, library).map { abs(Int($0) - Int($1)) }
                // The same means, of luma and of chroma; but where chroma is half as fine in one direction alone, libjpeg takes every
                // pixel of it twice.
                guard color == .gray || name != "jpeg 4:2:2" else { continue }
                #expect(differences.max() ?? 0 <= 2, "\(eighths) eighths, \(color)")
                #expect(differences.reduce(0, +) * 10 <= differences.count, "\(eighths) eighths, \(color)")
            }
        }
    }

    /// The mean of all pixels that one stands for, as they are when the whole picture is decoded.
    @Test(arguments: usual) func pixelsAreMeansOfAreas(name: String) throws {
        let (bytes, space) = (try ImageVectors.bytes(name), DecodingSpace())
        let whole = try ImageDecoder(color: .gray).decode(bytes)
        let (height, width) = (whole.shape[0], whole.shape[1])
        for merged in [2, 4, 8] {
            let found = try #require(try reduced(bytes, .gray, 8 / merged, space))
            let columns = (width + merged - 1) / merged
            for row in 0..<height / merged {
                for column in 0..<width / merged {
                    var sum = 0
                    for i in 0..<merged {
                        for j in 0..<merged {
                            sum += Int(whole[row * merged + i, column * merged + j].item())
                        }
                    }
                    let mean = Double(sum) / Double(merged * merged)
                    // Each pixel of the whole was rounded, and cut off at black and white.
                    #expect(abs(Double(found[row * columns + column]) - mean) <= 2)
                }
            }
        }
    }

    @Test(arguments: others) func otherKindsAreLeftToLibjpeg(name: String) throws {
        #expect(try reduced(ImageVectors.bytes(name), .rgb, 4, DecodingSpace()) == nil)
    }

    /// Tables that one file brought do not serve the next, and what is cut off anywhere is refused.
    @Test func faultsAreLeftToLibjpeg() throws {
        let (bytes, space) = (try ImageVectors.bytes("jpeg 4:2:0"), DecodingSpace())
        #expect(try reduced(bytes, .rgb, 4, space) != nil)
        let tables = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4 })
        let length = Int(bytes[tables + 2]) << 8 | Int(bytes[tables + 3])
        var without = bytes
        without.removeSubrange(tables..<tables + 2 + length)
        #expect(try reduced(without, .rgb, 4, space) == nil)
        for end in stride(from: bytes.count - 3, to: tables, by: -7) {
            #expect(try reduced(Array(bytes[..<end]), .rgb, 4, space) == nil, "\(end) bytes")
        }
        #expect(try reduced(bytes, .rgb, 4, space) == reduced(bytes, .rgb, 4, DecodingSpace()))
    }
}
