import Arrays
import Autodiff
import Networks
import Support

/// The sizes of a residual network: what comes before its blocks, then stages of blocks of one width.
struct ResidualSizes {
    /// How much smaller the image is before the first block: 1, 2 or 4.
    var shrinking = 1
    /// The channels of each stage and its number of blocks; from the second on a stage halves the image.
    var stages: [(channels: Int, blocks: Int)]

    init(shrinking: Int = 1, stages: [(channels: Int, blocks: Int)]) {
        (self.shrinking, self.stages) = (shrinking, stages)
    }

    /// Reads `residual:s2,32x2,64x2`.
    ///
    /// - Throws: `usage` that names the part that is wrong.
    init(parsing name: String) throws {
        stages = []
        for (index, part) in name.dropFirst("residual:".count).split(
            separator: ",", omittingEmptySubsequences: false
        ).enumerated() {
            if index == 0, let known = ["s1": 1, "s2": 2, "s4": 4][part] {
                shrinking = known
                continue
            }
            let sizes = part.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(sizes.count), let channels = sizes[0], (1...4096).contains(channels),
                let blocks = sizes.count == 2 ? sizes[1] : 1, (1...64).contains(blocks)
            else {
                throw DescentError(
                    .usage, "'\(part)' is not possible there", at: "`named`",
                    expected: "s2 or s4 first, then channels such as 32, or 32x2 for two blocks",
                    got: "'\(name)'")
            }
            stages.append((channels, blocks))
        }
        guard (1...8).contains(stages.count) else {
            throw DescentError(
                .usage, "a residual network has 1 to 8 stages", at: "`named`",
                expected: "channels such as residual:16,32,64", got: "'\(name)'")
        }
    }

    /// The name that `init(parsing:)` reads.
    var name: String {
        let parts = stages.map { $0.blocks == 1 ? "\($0.channels)" : "\($0.channels)x\($0.blocks)" }
        return "residual:" + ((shrinking == 1 ? [] : ["s\(shrinking)"]) + parts).joined(separator: ",")
    }
}

extension ArchitectureBuilder {
    mutating func residual(spelled name: String) throws { try residual(ResidualSizes(parsing: name)) }

    /// Appends a residual network: He et al. 2016, section 4.2; the first layers of large images are those of its section 4.1,
    /// a convolution with stride 2 and then max pooling.
    mutating func residual(_ sizes: ResidualSizes) throws {
        try normalized(sizes.stages[0].channels, stride: sizes.shrinking > 1 ? 2 : 1)
        if sizes.shrinking == 4 { try pool() }
        for (stage, size) in sizes.stages.enumerated() {
            for block in 0..<size.blocks {
                try self.block(size.channels, stride: stage > 0 && block == 0 ? 2 : 1)
            }
        }
        try add(.globalAveragePooling)
    }
}

extension Architecture {
    /// The name of a small residual network for pictures: `--model auto`.
    ///
    /// More classes and more examples get more channels, larger pictures are shrunk by the first layers, and small ones have
    /// no more stages than halve them down to 4 pixels. On two processor cores an example of 32x32 pixels takes about a
    /// millisecond of training at 16, 32, 64 channels; twice the channels take four times as long.
    ///
    /// - Parameters:
    ///   - height: the number of rows of a picture.
    ///   - width: the number of its columns.
    ///   - classes: the number of classes.
    ///   - count: the number of training examples.
    package static func automaticName(height: Int, width: Int, classes: Int, count: Int) -> String {
        let (long, short) = (max(height, width), min(height, width))
        let shrinking = long > 96 ? 4 : long > 48 ? 2 : 1
        let isLarge = count >= 20_000 || (classes > 20 && count >= 5_000)
        let first = isLarge ? 32 : 16
        var (stages, side) = ([(channels: first, blocks: 1)], short / shrinking)
        while stages.count < 3, side >= 8 {
            stages.append((stages[stages.count - 1].channels * 2, 1))
            side /= 2
        }
        return ResidualSizes(shrinking: shrinking, stages: stages).name
    }
}
