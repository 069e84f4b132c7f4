import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Images

@Suite struct ImageDecoderTests {
    private let decoder = ImageDecoder()

    /// Pillow decodes JPEG and WebP by the same libraries, so every pixel is the same; CMYK becomes colour there with a
    /// rounding of its own.
    @Test func everyKindAsPillowDecodesIt() throws {
        let cases = try ImageVectors.read().cases
        #expect(cases.count > 40)
        for picture in cases {
            let image = try decoder.decode(picture.bytes, name: picture.name)
            #expect(image.shape == picture.shape, "\(picture.name)")
            let differences = paired(image.elements, [UInt8](picture.pixels)).map { abs(Int($0) - Int($1)) }
            let isInk = picture.name.contains("cmyk") || picture.name.contains("ycck")
            #expect((differences.max() ?? 9) <= (isInk ? 1 : 0), "\(picture.name)")
        }
    }
}
