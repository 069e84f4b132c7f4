import Arrays
import Foundation
import TestSupport

/// Discs on a slope, as `Vectors/make_vectors.py` draws them.
func discs(_ height: Int, _ width: Int, seed: Int) -> NDArray<UInt8> {
    var state = seed
    func draw(_ limit: Int) -> Int {
        state = (state * 1_103_515_245 + 12345) % (1 << 31)
        return (state >> 8) % limit
    }
    var pixels = (0..<height * width).map { UInt8(($0 / width + $0 % width) % 256 / 4 + 60) }
    for _ in 0..<height * width / 200 {
        let (y, x, radius, grey) = (draw(height), draw(width), 2 + draw(9), draw(256))
        for row in max(0, y - radius)..<min(height, y + radius + 1) {
            for column in max(0, x - radius)..<min(width, x + radius + 1)
            where (row - y) * (row - y) + (column - x) * (column - x) <= radius * radius {
                pixels[row * width + column] = UInt8(grey)
            }
        }
    }
    return NDArray(shape: [height, width], elements: pixels)
}

/// A picture that is known between its pixels too: Gaussian spots, so that it can be turned and scaled without loss.
struct Spots {
    var spots: [(x: Double, y: Double, sigma: Double, ratio: Double, tilt: Double, height: Double)] = []

    init(_ count: Int, side: Double, seed: Int) {
        var random = RandomState(seed)
        for _ in 0..<count {
            spots.append(
                (
                    random.rand() * side, random.rand() * side, 1.5 + 5 * random.rand(),
                    1 + 1.5 * random.rand(),
                    3.14159 * random.rand(), (random.rand() < 0.5 ? -1 : 1) * (30 + 60 * random.rand())
                ))
        }
    }

    /// The picture's pixels, where pixel (x, y) shows the place `place(x, y)`; lengths there are `scale` times longer.
    func drawn(_ side: Int, place: (Double, Double) -> (Double, Double)) -> NDArray<UInt8> {
        var values = [Double](repeating: 120, count: side * side)
        for y in 0..<side {
            for x in 0..<side {
                let (u, v) = place(Double(x), Double(y))
                var value = 120.0
                for spot in spots {
                    let (dx, dy, reach) = (u - spot.x, v - spot.y, 4 * spot.sigma * spot.ratio)
                    if dx > reach || dx < -reach || dy > reach || dy < -reach { continue }
                    let a = (dx * cos(spot.tilt) + dy * sin(spot.tilt)) / (spot.sigma * spot.ratio)
                    let b = (dy * cos(spot.tilt) - dx * sin(spot.tilt)) / spot.sigma
                    value += spot.height * exp(-0.5 * (a * a + b * b))
                }
                values[y * side + x] = value
            }
        }
        return NDArray(shape: [side, side], elements: values.map { UInt8(min(255, max(0, $0.rounded()))) })
    }
}

/// The lines of a file in `Vectors`, cut into words.
func vectorLines(_ name: String) throws -> [[Substring]] {
    let text = String(decoding: try vectorData(name), as: UTF8.self)
    return text.split(separator: "\n").map { $0.split(separator: " ") }
}

/// What `body` gives on one, two, three and seven threads.
func onThreads<Result>(_ body: () throws -> Result) rethrows -> [Result] {
    let before = Threads.count
    defer { Threads.setCount(before) }
    return try [1, 2, 3, 7].map {
        Threads.setCount($0)
        return try body()
    }
}
