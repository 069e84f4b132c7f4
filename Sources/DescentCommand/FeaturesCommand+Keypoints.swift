import ArgumentParser
import Descent

/// The flags of keypoints.
struct KeypointOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("A PNG picture, or an IDX file.", valueName: "file"), completion: .file())
    var file: String
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only this many, those that stand out most.", valueName: "n"))
    var strongest: Int?

    func validate() throws {
        if let strongest, strongest < 1 {
            throw ValidationError("--strongest must be 1 or more, not \(strongest)")
        }
    }
}

extension FeaturesCommand {
    /// `descent features sift`.
    struct Sift: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sift", abstract: "Keypoints by differences of Gaussians.",
            discussion: """
                Places that are found again when the picture is turned, scaled or lit \
                otherwise, each with 128 values (Lowe 2004). In the picture: \(KeypointReport.legend).

                EXAMPLES
                  descent features sift photo.png --out keypoints.png
                  descent features sift photo.png --strongest 100 --json
                """)
        @OptionGroup var asked: KeypointOptions
        @Option(
            parsing: .unconditional, help: ArgumentHelp("The least contrast, 0 to 1.", valueName: "x"))
        var contrast: Float = 0.04
        @OptionGroup var pictures: PictureOptions
        @OptionGroup(title: "Output") var options: OutputOptions

        func validate() throws {
            if !(0...1).contains(contrast) {
                throw ValidationError("--contrast must be 0 to 1, not \(contrast)")
            }
        }

        func run() throws {
            var sift = SIFT()
            sift.contrastThreshold = contrast
            sift.maximumCount = asked.strongest
            try KeypointReport.run("SIFT", sift, asked.file, pictures, options)
        }
    }

    /// `descent features surf`.
    struct Surf: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "surf", abstract: "Keypoints by box filters.",
            discussion: """
                Coarser than SIFT, and simple to compute (Bay and others 2008). A patent may \
                still cover it in some countries. In the picture: \(KeypointReport.legend).

                EXAMPLES
                  descent features surf photo.png --out keypoints.png
                  descent features surf photo.png --upright --values 128 --json
                """)
        @OptionGroup var asked: KeypointOptions
        @Option(
            parsing: .unconditional, help: ArgumentHelp("The least determinant.", valueName: "x"))
        var threshold: Float = 0.0004
        @Option(
            parsing: .unconditional, help: ArgumentHelp("Values of a descriptor: 64 or 128.", valueName: "n"))
        var values = 64
        @Flag(help: "Leave directions alone, for pictures that are never turned.")
        var upright = false
        @OptionGroup var pictures: PictureOptions
        @OptionGroup(title: "Output") var options: OutputOptions

        func validate() throws {
            if !(threshold.isFinite && threshold >= 0) {
                throw ValidationError("--threshold must be 0 or more, not \(threshold)")
            }
            if values != 64 && values != 128 {
                throw ValidationError("--values must be 64 or 128, not \(values)")
            }
        }

        func run() throws {
            var surf = SURF()
            surf.threshold = threshold
            surf.isUpright = upright
            surf.isExtended = values == 128
            surf.maximumCount = asked.strongest
            try KeypointReport.run("SURF", surf, asked.file, pictures, options)
        }
    }

    /// `descent features match`.
    struct Match: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "match", abstract: "What two pictures have in common.",
            discussion: """
                For each keypoint of the first picture the most similar one of the second, if \
                it is clearly more similar than the next (Lowe's ratio test).

                EXAMPLES
                  descent features match a.png b.png --out matches.png
                  descent features match a.png b.png --by surf --ratio 0.7 --mutual --json
                """)
        @Argument(help: ArgumentHelp("The first picture.", valueName: "first"), completion: .file())
        var first: String
        @Argument(help: ArgumentHelp("The second picture.", valueName: "second"), completion: .file())
        var second: String
        @Option(help: ArgumentHelp("What finds keypoints: sift or surf.", valueName: "name"))
        var by = Method.sift
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("The nearest must be below this share of the second nearest.", valueName: "x"))
        var ratio: Float = 0.8
        @Flag(help: "Only those that are nearest both ways.")
        var mutual = false
        @OptionGroup var pictures: PictureOptions
        @OptionGroup(title: "Output") var options: OutputOptions

        enum Method: String, CaseIterable, ExpressibleByArgument { case sift, surf }

        func validate() throws {
            if !(ratio > 0 && ratio <= 1) {
                throw ValidationError("--ratio must be above 0 and at most 1, not \(ratio)")
            }
        }

        func run() throws {
            options.apply()
            let extractor: any LocalFeatureExtractor = by == .sift ? SIFT() : SURF()
            let images = (try pictures.picture(first), try pictures.picture(second))
            try pictures.check(first, second)
            let found = (
                try DescentError.located(at: first) { try extractor.localFeatures(of: images.0) },
                try DescentError.located(at: second) { try extractor.localFeatures(of: images.1) }
            )
            let matches = try DescriptorMatcher(ratio: ratio, isMutual: mutual).matches(
                from: found.0.descriptors, to: found.1.descriptors)
            try pictures.keep {
                try FeaturePicture.matches(
                    matches, from: found.0.keypoints, over: images.0, to: found.1.keypoints, over: images.1)
            }
            guard options.json else {
                return try Output.standard.write(
                    """
                    keypoints  \(Numerals.grouped(found.0.count)) and \(Numerals.grouped(found.1.count))
                    matches    \(Numerals.grouped(matches.count))
                    \(pictures.told("a line joins each pair; the colours only tell lines apart"))
                    """)
            }
            let list = matches.map { match -> JSONText in
                let (a, b) = (found.0.keypoints[match.query], found.1.keypoints[match.train])
                return [
                    "from": KeypointReport.place(a), "to": KeypointReport.place(b),
                    "distance": .rounded(Double(match.distance), decimals: 2),
                ]
            }
            let line: JSONText = [
                "version": 1, "first": .string(first), "second": .string(second), "by": .string(by.rawValue),
                "keypoints": .array([.integer(found.0.count), .integer(found.1.count)]),
                "matches": .array(list),
                "picture": pictures.written,
            ]
            try Output.standard.write(line.line + "\n")
        }
    }
}

/// The output of `sift` and `surf`.
enum KeypointReport {
    /// The legend of the picture.
    static let legend =
        "circles: twice the keypoint's scale, a stroke in its direction; orange on bright spots, blue on dark ones"

    static func run(
        _ name: String, _ extractor: any LocalFeatureExtractor, _ file: String, _ pictures: PictureOptions,
        _ options: OutputOptions
    ) throws {
        options.apply()
        let image = try pictures.picture(file)
        try pictures.check(file)
        let found = try DescentError.located(at: file) { try extractor.localFeatures(of: image) }
        try pictures.keep { try FeaturePicture.keypoints(found.keypoints, over: image) }
        guard options.json else {
            return try Output.standard.write(
                text(name, found, extractor.descriptorSize) + pictures.told(legend))
        }
        let list = found.keypoints.map { keypoint -> JSONText in
            [
                "x": .rounded(Double(keypoint.x), decimals: 3),
                "y": .rounded(Double(keypoint.y), decimals: 3),
                "scale": .rounded(Double(keypoint.scale), decimals: 4),
                "angle": .rounded(Double(keypoint.angle), decimals: 5),
                "response": .rounded(Double(keypoint.response), decimals: 6),
                "octave": .integer(keypoint.octave), "bright": .bool(keypoint.isBright),
            ]
        }
        let line: JSONText = [
            "version": 1, "file": .string(file), "height": .integer(image.shape[0]),
            "width": .integer(image.shape[1]), "features": .string(name.lowercased()),
            "descriptor_size": .integer(extractor.descriptorSize), "keypoints": .array(list),
            "picture": pictures.written,
        ]
        try Output.standard.write(line.line + "\n")
    }

    /// Describes the number and the sizes of the keypoints.
    static func text(_ name: String, _ found: LocalFeatures, _ size: Int) -> String {
        var lines = "\(name)       \(Numerals.counted(found.count, "keypoint")), \(size) values each\n"
        if let least = found.keypoints.map(\.scale).min(), let most = found.keypoints.map(\.scale).max() {
            lines +=
                "scales     \(Numerals.fixed(Double(least), 1)) to \(Numerals.fixed(Double(most), 1)) pixels\n"
        }
        return lines
    }

    static func place(_ keypoint: Keypoint) -> JSONText {
        .array([.rounded(Double(keypoint.x), decimals: 3), .rounded(Double(keypoint.y), decimals: 3)])
    }
}
