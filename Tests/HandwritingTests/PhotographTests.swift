import Arrays
import Testing

@testable import Handwriting

@Suite("Simulated photographs")
struct PhotographTests {
    /// A network reads what is nearly the digit's own image; here the nearest of a hundred images stands for it.
    @Test("A photographed digit looks like itself")
    func likeness() throws {
        let normalization = DigitNormalization()
        let known = try normalization.images(of: Digits.all.images)
        var simulator = PhotographSimulator(seed: 4)
        var mistaken: [String] = []
        let count = 60
        for index in 0..<count {
            let (picture, traits) = simulator.photograph(of: [Digits.image(index).elements], sides: 150...360)
            let image = try normalization.imageIfInk(of: picture)
            let nearest = image.flatMap { image in
                (0..<100).min { Digits.difference(known[$0], image) < Digits.difference(known[$1], image) }
            }
            if nearest != index { mistaken.append("\(index) for \(nearest ?? -1): \(traits)") }
        }
        #expect(mistaken.count * 20 <= count, "\(mistaken)")
    }

    @Test("The digits of a photographed line are found")
    func lines() throws {
        var simulator = PhotographSimulator(seed: 6)
        var mistaken: [String] = []
        let count = 20
        for index in 0..<count {
            let digits = (0..<2 + index % 3).map { Digits.image((index * 5 + $0) % 100).elements }
            let (picture, traits) = simulator.photograph(of: digits, sides: 150...250)
            let found = try DigitSegmentation().digits(in: picture)
            if found.count != digits.count || !found.allSatisfy({ $0.line == 0 }) {
                mistaken.append("\(index), \(found.count) of \(digits.count): \(traits)")
            }
        }
        #expect(mistaken.count * 10 <= count, "\(mistaken)")
    }
}
