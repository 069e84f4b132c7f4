import Descent
import Foundation
import Images

extension Benchmark {
    /// A folder of 10,000 pictures read, decoded and resized to bytes in memory, by as many threads as are asked for.
    static var pictureFolders: [Benchmark] {
        [
            pictureFolder(
                "10,000 JPEGs, 256x256 to 64x64", "jpeg-256", side: 64, .rgb, askedRatio: 1.5,
                peers: ["torchvision", "tf-data", "tf-data-quarter"]),
            pictureFolder(
                "10,000 PNGs, 64x64 in colour", "png-64", side: 64, .rgb, peers: ["torchvision", "tf-data"]),
            pictureFolder(
                "10,000 PNGs, 28x28 in grey", "png-28", side: 28, .gray, peers: ["torchvision", "tf-data"]),
        ]
    }

    private static func pictureFolder(
        _ name: String, _ kind: String, side: Int, _ color: ImageColor, askedRatio: Double? = nil,
        peers: [String]
    ) -> Benchmark {
        let folder = "Benchmarks/.build/pictures/\(kind)"
        return Benchmark(
            name: name, unit: .milliseconds, askedRatio: askedRatio,
            peers: peers.map { variant in
                Peer(
                    script: "picture_folder",
                    job: .rounds(
                        ["--folder", folder, "--side", "\(side)", "--variant", variant]
                            + (color == .gray ? ["--gray"] : [])))
            }
        ) { environment in
            let place = "\(environment.root)/\(folder)/a"
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: place),
                names.count == 10_000
            else {
                return .skipped(
                    "no pictures: peers/setup.sh --images, peers/make_pictures.py Benchmarks/.build/pictures")
            }
            let paths = names.sorted().map { "\(place)/\($0)" }
            let target = ImageTarget(height: side, width: side, color: color)
            return .body { _ = try ImageBatchReader().images(at: paths, to: target) }
        }
    }
}
