import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Images

/// Files that are no pictures, or no whole ones: each is an error that names the file and says what to do.
@Suite struct ImageErrorTests {
    private let decoder = ImageDecoder()

    private func refusal(_ bytes: [UInt8], _ decoder: ImageDecoder = ImageDecoder()) -> String {
        failure { _ = try decoder.decode(bytes, name: "f") }
    }

    @Test func anEmptyFile() {
        #expect(
            refusal([])
                == "badData: f: the file is empty (expected PNG, JPEG or WebP); get the file again, or leave it out"
        )
    }

    @Test(
        arguments: [
            (Array("GIF89a".utf8), "a GIF", "mogrify -format png"),
            ([0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0], "a TIFF", "mogrify"),
            ([0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8], "a TIFF", "mogrify"),
            (Array("BM6\0".utf8), "a BMP", "mogrify"),
            ([0, 0, 1, 0, 1, 0], "an icon (ICO)", "mogrify"),
            (Array("%PDF-1.7".utf8), "a PDF", "pdftoppm -png"),
            (Array("%!PS-Adobe-3.0".utf8), "a PostScript file", "mogrify"),
            (Array("8BPS\0\u{1}".utf8), "a Photoshop file", "export it"),
            ([0, 0, 0, 0x18] + Array("ftypheic".utf8), "a HEIC", "heif-convert"),
            ([0, 0, 0, 0x18] + Array("ftypmif1".utf8), "a HEIC", "heif-convert"),
            ([0, 0, 0, 0x20] + Array("ftypavif".utf8), "an AVIF", "avifdec"),
            ([0, 0, 0, 0x20] + Array("ftypisom".utf8), "a video", "PNG, JPEG or WebP"),
            ([0xFF, 0x0A, 0, 0], "a JPEG XL", "djxl"),
            ([0, 0, 0, 12] + Array("JXL ".utf8), "a JPEG XL", "djxl"),
            ([0, 0, 0, 12] + Array("jP  ".utf8), "a JPEG 2000", "mogrify"),
            (Array("<?xml version=\"1.0\"?>\n<svg/>".utf8), "an SVG", "rsvg-convert"),
            (Array("\u{FEFF} <svg xmlns='a'>".utf8), "an SVG", "rsvg-convert"),
            (Array("<!DOCTYPE html><html>".utf8), "a web page", "download"),
            (Array("P6\n2 2\n255\n".utf8), "a Netpbm picture", "mogrify"),
            (Array("PK\u{3}\u{4}".utf8), "a zip archive", "unpack"),
            ([0x1F, 0x8B, 8], "a gzip file", "unpack"),
            (Array("RIFF\0\0\0\0WAVE".utf8), "a RIFF file that is no WebP", "PNG, JPEG or WebP"),
            (Array("hello".utf8), "a file that begins with 68 65 6C 6C 6F", "PNG, JPEG or WebP"),
            ([0x89], "a file that begins with 89", "PNG, JPEG or WebP"),
        ] as [([UInt8], String, String)])
    func otherFilesAreNamed(bytes: [UInt8], what: String, advice: String) {
        let text = refusal(bytes)
        #expect(
            text.hasPrefix(
                "badData: f: not a picture that can be read (expected PNG, JPEG or WebP, got \(what)"))
        #expect(text.contains(advice))
        #expect(failure { _ = try ImageHeader(of: bytes, name: "f") } == text)
    }

    @Test func aFileThatIsNotThere() {
        let text = failure { _ = try decoder.decode(contentsOf: "/nowhere/a.png") }
        #expect(text == "missingInput: /nowhere/a.png: cannot open: no such file or directory")
        #expect(failure { _ = try ImageHeader(contentsOf: "/nowhere/a.png") } == text)
        #expect(failure { _ = try decoder.decode(contentsOf: "/tmp") }.contains("is a directory"))
    }

    /// Every length of every kind of file: an error, unless no more is missing than what follows the pixels.
    @Test(arguments: [
        ("png gray", 12), ("png interlaced rgb", 12), ("png palette", 12), ("jpeg 4:2:0", 2),
        ("jpeg gray", 2),
        ("jpeg progressive", 2), ("jpeg with restarts", 2), ("jpeg cmyk", 2), ("webp lossy", 0),
        ("webp lossless", 0),
        ("webp lossy with opacity", 0), ("webp lossless with opacity", 0),
    ])
    func everyCutIsAnError(name: String, rest: Int) throws {
        let whole = try ImageVectors.bytes(name)
        let pixels = try decoder.decode(whole).elements
        for length in 0..<whole.count {
            let bytes = Array(whole.prefix(length))
            do {
                let image = try decoder.decode(bytes, name: "f")
                // A last byte of zeros can be guessed; half a picture cannot.
                #expect(
                    length >= whole.count - rest - 2 && image.elements == pixels,
                    "\(length) of \(whole.count) bytes")
            } catch let error as DescentError {
                #expect(length < whole.count - rest, "\(length) of \(whole.count) bytes: \(error)")
                #expect(error.kind == .badData && error.place == "f" && error.what.count > 10)
            }
        }
    }

    @Test func whatIsCutOffIsSaidToBe() throws {
        for name in ["png rgb", "jpeg 4:2:0", "jpeg progressive", "webp lossy", "webp lossless"] {
            let whole = try ImageVectors.bytes(name)
            let text = refusal(Array(whole.prefix(whole.count * 3 / 4)))
            #expect(text.contains("file is cut off (got lib"), "\(name): \(text)")
            #expect(text.hasSuffix("; get the file again, or leave it out"))
        }
    }

    @Test func damagedPixelsOfAJPEG() throws {
        var bytes = try ImageVectors.bytes("jpeg 4:2:0")
        // An end marker in the middle of the pixels: libjpeg would fill the rest with grey.
        bytes[bytes.count - 60] = 0xFF
        bytes[bytes.count - 59] = 0xD9
        #expect(refusal(bytes).contains("the JPEG file is damaged (got libjpeg: Corrupt JPEG data"))
    }

    @Test func aJPEGThatCannotBeRead() throws {
        let whole = try ImageVectors.bytes("jpeg 4:4:4")
        let frame = try #require(
            whole.indices.dropLast().first { whole[$0] == 0xFF && whole[$0 + 1] == 0xC0 })
        var twelve = whole
        twelve[frame + 4] = 12
        #expect(
            refusal(twelve)
                == "badData: f: a kind of JPEG that cannot be read (got libjpeg: Unsupported JPEG data precision 12); "
                + "save it again as PNG or as a usual JPEG")
        var lossless = whole
        lossless[frame + 1] = 0xC3
        #expect(
            refusal(lossless).contains(
                "a kind of JPEG that cannot be read (got libjpeg: Unsupported JPEG process"))
        var empty = whole
        empty[frame + 5] = 0
        empty[frame + 6] = 0
        #expect(refusal(empty).contains("the picture has no pixels (got 26 x 0)"))
    }

    @Test func anAnimation() throws {
        let bytes = [UInt8](try ImageVectors.read().animated)
        #expect(try ImageHeader(of: bytes).isAnimated)
        #expect(
            refusal(bytes)
                == "badData: f: not a picture that can be read (expected a single picture, got an animated WebP); "
                + "take a picture out first: webpmux -get frame 1 FILE -o OUT.webp (package webp)")
    }

    // MARK: Headers that promise much

    @Test func hugePicturesAreRefusedBeforeMemoryIsTaken() throws {
        let huge =
            "the picture is too large (expected at most 100000000 pixels, got 60000 x 60000); make it smaller first"
        #expect(refusal(PNGFixtures.huge) == "badData: f: \(huge)")
        var jpeg = try ImageVectors.bytes("jpeg 4:4:4")
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xEA, 0x60, 0xEA, 0x60])
        #expect(refusal(jpeg) == "badData: f: \(huge)")
        // 16,383 x 16,383 is the most that WebP can say.
        var webp = try ImageVectors.bytes("webp lossless")
        webp.replaceSubrange(21..<25, with: [0xFE, 0xBF, 0xFF, 0x0F])
        #expect(
            refusal(webp).contains(
                "the picture is too large (expected at most 100000000 pixels, got 16383 x 16383)"))
    }

    /// 9,000 x 9,000 are within the limit, but not in a kilobyte.
    @Test func shortFilesCannotPromiseManyPixels() throws {
        var jpeg = try ImageVectors.bytes("jpeg 4:4:4")
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x23, 0x28, 0x23, 0x28])
        #expect(refusal(jpeg).contains("the JPEG file is cut off (expected data for 9000 x 9000 pixels, got"))
    }

    /// A progressive picture of a hundred scans and more is a bomb: each is a pass over all of it.
    @Test func tooManyScans() throws {
        let whole = try ImageVectors.bytes("jpeg progressive gray")
        // The first scan again and again: the coarse bits of each block's mean, which may be said twice.
        let scans = whole.indices.dropLast().filter { whole[$0] == 0xFF && whole[$0 + 1] == 0xDA }
        let next = try #require(
            whole.indices.dropLast().first { $0 > scans[0] && whole[$0] == 0xFF && whole[$0 + 1] != 0 })
        let scan = Array(whole[scans[0]..<next])
        let bomb = Array(whole[..<next]) + (0..<200).flatMap { _ in scan } + whole[next...]
        #expect(throws: Never.self) { try decoder.decode(Array(whole[..<next]) + scan + whole[next...]) }
        #expect(refusal(bomb).contains("more than 100 scans"))
    }

    /// A compressed profile or text is not unpacked, whatever it holds.
    @Test func chunksBesideThePixelsAreLeftAlone() throws {
        let whole = try ImageVectors.bytes("png gray")
        // A profile whose contents are no zlib stream, and whose checksum is wrong.
        let profile: [UInt8] = [0, 0, 0, 8] + Array("iCCPa\0\0garba".utf8) + [1, 2, 3, 4]
        let image = try decoder.decode(Array(whole[..<33]) + profile + whole[33...])
        #expect(try image.elements == decoder.decode(whole).elements)
    }

    @Test func aFileOfTooManyBytes() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/a.png"
            try Data(repeating: 0, count: 1_100_000).write(to: URL(fileURLWithPath: path))
            let text = failure(in: directory) {
                _ = try ImageDecoder(maximumPixels: 1000).decode(contentsOf: path)
            }
            #expect(
                text
                    == "badData: DIR/a.png: the file is too large for a picture (expected at most 1056576 bytes, got 1100000)"
            )
        }
    }
}
