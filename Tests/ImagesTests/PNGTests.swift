import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Images

@Suite struct PNGTests {
    // MARK: Reading files that Python's zlib wrote

    @Test func readsGrayWithFilters() throws {
        let image = try ImageDecoder().decode(PNGFixtures.gray)
        #expect(image.shape == [2, 3])
        #expect(image.elements == [0, 50, 100, 150, 200, 255])
    }

    @Test func readsColor() throws {
        let image = try ImageDecoder().decode(PNGFixtures.rgb)
        #expect(image.shape == [2, 2, 3])
        #expect(image.elements == [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30])
    }

    @Test func readsPaletteAsColor() throws {
        let image = try ImageDecoder().decode(PNGFixtures.palette)
        #expect(image.shape == [1, 3, 3])
        #expect(image.elements == [7, 8, 9, 1, 2, 3, 40, 50, 60])
    }

    @Test func readsOneBit() throws {
        let image = try ImageDecoder().decode(PNGFixtures.bilevel)
        #expect(image.shape == [1, 10])
        #expect(image.elements == [255, 0, 255, 0, 255, 0, 255, 0, 255, 0])
    }

    @Test func reads16BitAsSRGB() throws {
        // 0x8080 / 257 = 128; taken as linear light it would be 188.
        #expect(try ImageDecoder().decode(PNGFixtures.gray16).elements == [0, 128, 255])
    }

    @Test func readsInterlaced() throws {
        let image = try ImageDecoder().decode(PNGFixtures.interlaced)
        #expect(image.shape == [9, 9])
        #expect(image.elements == (0..<81).map { UInt8($0) })
    }

    @Test func laysTransparentPartsOverWhite() throws {
        #expect(try ImageDecoder().decode(PNGFixtures.rgba).elements == [10, 20, 30, 255, 255, 255])
        #expect(try ImageDecoder(background: 7).decode(PNGFixtures.rgba).elements == [10, 20, 30, 7, 7, 7])
    }

    @Test func turnsColorIntoGrayByLuma() throws {
        // 0.299 R + 0.587 G + 0.114 B, worked by hand: 76.245, 149.685, 29.07, 18.15.
        let gray = try ImageDecoder(color: .gray).decode(PNGFixtures.rgb)
        #expect(gray.shape == [2, 2])
        #expect(gray.elements == [76, 150, 29, 18])
    }

    // MARK: Round trips

    @Test(arguments: [[1, 1], [28, 28], [5, 7, 1], [4, 3, 3], [3, 9, 4]])
    func comesBackAsItWas(shape: [Int]) throws {
        // Opacity 255 only: the rest would be laid over white.
        let count = shape.reduce(1, *)
        let pixels = (0..<count).map {
            shape.last == 4 && $0 % 4 == 3 ? 255 : UInt8(truncatingIfNeeded: $0 * 37 + $0 / 3)
        }
        let image = NDArray(shape: shape, elements: pixels)
        let bytes = try PNG.encode(image)
        let again = try ImageDecoder().decode(bytes)
        let isGray = shape.count == 2 || shape[2] == 1
        #expect(again.shape == Array(shape.prefix(2)) + (isGray ? [] : [3]))
        #expect(
            again.elements
                == pixels.enumerated().filter { shape.last != 4 || $0.offset % 4 != 3 }.map(\.element))
    }

    @Test func noiseThatDoesNotCompressFits() throws {
        var state: UInt64 = 88_172_645_463_325_252
        let pixels = (0..<300 * 311).map { _ -> UInt8 in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
        }
        let image = NDArray(shape: [300, 311], elements: pixels)
        #expect(try ImageDecoder().decode(PNG.encode(image)).elements == pixels)
    }

    @Test func palettesComeBackAsColors() throws {
        let palette = [RGBA.clear, RGBA(hex: 0x0072B2), RGBA(255, 128, 0)]
        let indices = NDArray<UInt8>(shape: [2, 2], elements: [1, 2, 2, 0])
        let image = try ImageDecoder().decode(PNG.encode(indices: indices, palette: palette))
        #expect(image.shape == [2, 2, 3])
        #expect(image.elements == [0, 114, 178, 255, 128, 0, 255, 128, 0, 255, 255, 255])
    }

    // MARK: Bad files

    @Test func everyCutIsAnError() {
        // The last twelve bytes are IEND, which says nothing about pixels.
        for length in 0..<PNGFixtures.gray.count - 12 {
            let error = #expect(throws: DescentError.self, "cut to \(length) bytes") {
                try ImageDecoder().decode(Array(PNGFixtures.gray.prefix(length)), name: "cut.png")
            }
            #expect(error?.kind == .badData)
            #expect(error?.place == "cut.png")
        }
    }

    @Test func noChangedByteCrashes() throws {
        var (accepted, refused) = (0, 0)
        for place in PNGFixtures.palette.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var bytes = PNGFixtures.palette
                bytes[place] ^= change
                do {
                    let image = try ImageDecoder(maximumPixels: 1 << 14).decode(bytes)
                    #expect(image.count <= 3 << 14)
                    accepted += 1
                } catch let error as DescentError {
                    #expect(error.kind == .badData)
                    refused += 1
                }
            }
        }
        #expect(accepted + refused == 3 * PNGFixtures.palette.count && refused > accepted)
    }

    @Test func aDamagedPixelIsAnError() {
        var bytes = PNGFixtures.gray
        bytes[8 + 25 + 8 + 4] ^= 0x10  // inside IDAT's data
        #expect(throws: DescentError.self) { try ImageDecoder().decode(bytes) }
    }

    @Test func aHugePictureIsRefusedBeforeRoomIsMade() {
        let error = #expect(throws: DescentError.self) {
            try ImageDecoder().decode(PNGFixtures.huge, name: "huge.png")
        }
        #expect(
            error?.description
                == "huge.png: the picture is too large (expected at most 100000000 pixels, got 60000 x 60000); "
                + "make it smaller first")
        #expect(throws: DescentError.self) { try ImageDecoder(maximumPixels: 5).decode(PNGFixtures.gray) }
        #expect(throws: Never.self) { try ImageDecoder(maximumPixels: 6).decode(PNGFixtures.gray) }
    }

    /// A header of 8000 x 8000 pixels (Python's zlib made its checksums) before 12 bytes of data: refused before there is room.
    @Test func aShortFileCannotPromiseManyPixels() throws {
        let text =
            "iVBORw0KGgoAAAANSUhEUgAAH0AAAB9ACAAAAAAjmvIoAAAADElEQVR4nGNgoD0AAABkAAGGZDw1AAAAAElFTkSuQmCC"
        let bytes = [UInt8](try #require(Data(base64Encoded: text)))
        let error = #expect(throws: DescentError.self) { try ImageDecoder().decode(bytes, name: "short.png") }
        #expect(
            error?.description
                == "short.png: the PNG file is cut off (expected data for 8000 x 8000 pixels, got 69 bytes); "
                + "get the file again, or leave it out"
        )
    }

    @Test func colorsAreWrittenAsHexadecimal() {
        #expect(RGBA(hex: 0x0072B2).hexadecimal == "#0072B2")
        #expect(RGBA(0, 0, 5).hexadecimal == "#000005")
        #expect(RGBA(255, 255, 255).luminance == 1)
        #expect(RGBA(0, 0, 0).luminance == 0)
    }
}
