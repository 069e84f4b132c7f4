import Foundation

/// All measurements of one run, as a table and as JSON.
struct Report: Codable {
    struct Section: Codable {
        let benchmark: String
        var suite: String?
        var askedRatio: Double?
        let measurements: [Measurement]
    }

    let version: Int
    let date: String
    let processor: String
    /// The load average when the run began: above about 0.3, the figures are not to be trusted.
    let load: Double
    var sections: [Section]

    init(sections: [Section] = []) {
        version = 1
        date = Date().formatted(.iso8601)
        processor = Self.currentProcessor
        var average = 0.0
        load = getloadavg(&average, 1) == 1 ? average : .nan
        self.sections = sections
    }

    /// The first processor's name as the kernel gives it, with family and model, and the number of cores.
    private static var currentProcessor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        func field(_ name: String) -> String {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1).map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                if parts.count == 2, parts[0] == name { return parts[1] }
            }
            return "unknown"
        }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(field("model name")), family \(field("cpu family")) model \(field("model")), \(cores) cores"
    }

    /// Markdown: a table for each benchmark. A peer's best number of threads counts in the last column, which
    /// says how many times as fast as it we are at our own best.
    var markdown: String {
        var text =
            "Measured \(date) on \(processor); load average at the start \(load.formatted(digits: 2)).\n"
        for section in sections where section.suite == nil && !section.measurements.isEmpty {
            let best = section.measurements.filter { $0.name == section.benchmark }
                .reduce(nil) { best, one in best.map { one.isBetter(than: $0) ? one : $0 } ?? one }
            text += "\n### \(section.benchmark)\n\n"
            text += "| | threads | median | minimum | maximum | accuracy | peak MB | we are |\n"
            text += "|---|---:|---:|---:|---:|---:|---:|---:|\n"
            for one in section.measurements {
                let isOurs = one.name == section.benchmark
                let name =
                    isOurs
                    ? "**Descent**" : [one.name, one.version].compactMap(\.self).joined(separator: ", ")
                let digits = one.median < 100 ? 3 : 0
                var cells = [name, String(one.threads)]
                cells.append("\(one.median.formatted(digits: digits)) \(one.unit)")
                cells += [one.minimum, one.maximum].map { $0.formatted(digits: digits) }
                cells.append(one.accuracy.map { ($0 * 100).formatted(digits: 2) + " %" } ?? "")
                cells.append(one.peakMegabytes.map { $0.formatted(digits: 0) } ?? "")
                let theirBest = section.measurements.filter { $0.name == one.name }
                    .allSatisfy { !$0.isBetter(than: one) }
                if !isOurs, theirBest, let best {
                    cells.append("\(best.ratio(to: one).formatted(digits: 2)) times as fast")
                } else {
                    cells.append("")
                }
                text += "| " + cells.joined(separator: " | ") + " |\n"
            }
            text += judgement(of: section, best: best)
        }
        return text + suites
    }

    /// What was asked for, against the best of all peers, and what came of it.
    private func judgement(of section: Section, best: Measurement?) -> String {
        let peers = section.measurements.filter { $0.name != section.benchmark }
        guard let asked = section.askedRatio, let best, var first = peers.first else { return "" }
        for peer in peers where peer.isBetter(than: first) { first = peer }
        return "\nAsked for: \(asked.formatted(digits: 2)) times the best peer. Here: "
            + "\(best.ratio(to: first).formatted(digits: 2)) times \(first.name).\n"
    }

    /// One table for each suite: a line for each benchmark, ours and the first peer's.
    private var suites: String {
        var text = ""
        var begun: Set<String> = []
        for section in sections {
            guard let suite = section.suite, let ours = section.measurements.first else { continue }
            if begun.insert(suite).inserted {
                text += "\n### \(suite)\n\n| | threads | Descent, \(ours.unit) | from | to "
                text += "| peer | \(ours.unit) | from | to | we are |\n"
                text += "|---|---:|---:|---:|---:|---|---:|---:|---:|---:|\n"
            }
            func times(_ one: Measurement) -> [String] {
                [one.median, one.minimum, one.maximum].map { $0.formatted(digits: $0 < 10 ? 3 : 1) }
            }
            let name = section.benchmark.replacing(suite + ": ", with: "")
            var cells = [name, String(ours.threads)] + times(ours)
            if let peer = section.measurements.dropFirst().first {
                let label = [peer.name, peer.version].compactMap(\.self).joined(separator: ", ")
                cells += [label] + times(peer)
                cells.append("\(ours.ratio(to: peer).formatted(digits: 2)) times as fast")
            } else {
                cells += ["", "", "", "", ""]
            }
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return text
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(self)
    }
}

extension Double {
    /// With thousands separated and a fixed number of digits after the point.
    fileprivate func formatted(digits: Int) -> String {
        formatted(.number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US_POSIX")))
    }
}
