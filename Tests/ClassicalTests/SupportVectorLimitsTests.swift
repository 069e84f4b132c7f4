import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Classical

@Suite("Support vector machines at the limits of their numbers")
struct SupportVectorLimitsTests {
    @Test("products of large bright images do not overflow: bytes and numbers decide alike")
    func brightImages() throws {
        // 40,000 pixels of 240 to 255: a product is 2.4e9, above 2^31.
        let (count, width) = (12, 40_000)
        var random = RandomState(7)
        let noise = random.randint(240, 256, shape: [count, width]).elements
        var bytes = noise.map { UInt8($0) }
        for row in 0..<count where row % 2 == 1 {
            for column in 0..<500 { bytes[row * width + column] = 0 }
        }
        let images = NDArray(shape: [count, width], elements: bytes)
        let classes = (0..<count).map { Int32($0 % 2) }
        var machine = SupportVectorMachine(kernel: .rbf(gamma: 0.001), cost: 5)
        let ofBytes = try machine.fit(
            LabeledExamples(.bytes(images), classes: classes, classNames: ["light", "dark"]))
        machine.byteScale = 1
        let scaled = images.asType(Float.self) * (1 / 255)
        let ofNumbers = try machine.fit(
            LabeledExamples(.floats(scaled), classes: classes, classNames: ["light", "dark"]))
        let one = try ofBytes.decisionValues(of: .bytes(images)).elements
        let other = try ofNumbers.decisionValues(of: .floats(scaled)).elements
        for (a, b) in paired(one, other) { #expect(abs(a - b) < 1e-2, "\(a) and \(b)") }
        #expect(try ofBytes.classes(of: .bytes(images)) == classes)
    }

    @Test(
        "a kernel too large for a Float is an error before it is a wrong or endless solution",
        arguments: [8, 700])
    func overflow(count: Int) throws {
        var random = RandomState(3)
        let rows = random.rand(shape: [count, 4]) * 1000
        let examples = LabeledExamples(
            .floats(rows.asType(Float.self)), classes: (0..<count).map { Int32($0 % 2) },
            classNames: ["a", "b"])
        let machine = SupportVectorMachine(kernel: .polynomial(degree: 20, gamma: 1), cost: 1)
        let error = #expect(throws: DescentError.self) { try machine.fit(examples) }
        #expect(error?.kind == .badData)
        #expect(error?.what.contains("too large") == true)
    }
}
