import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// Lists of flags that somebody keeps by hand, held against what the parser itself knows.
@Suite struct FlagTableTests {
    /// An argument as the parser tells it (`--experimental-dump-help`).
    private struct Argument {
        let names: Set<String>
        let isSwitch: Bool
    }

    /// The arguments of each command, by its name; `descent` itself is "".
    private static func known() throws -> [String: [Argument]] {
        let result = try CommandRun().run("--experimental-dump-help")
        let tool = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        var commands: [String: [Argument]] = [:]
        func read(_ command: [String: Any], _ name: String) {
            commands[name] = (command["arguments"] as? [[String: Any]] ?? []).map { argument in
                let names = (argument["names"] as? [[String: Any]] ?? []).compactMap { name -> String? in
                    guard let text = name["name"] as? String else { return nil }
                    return (name["kind"] as? String == "long" ? "--" : "-") + text
                }
                return Argument(names: Set(names), isSwitch: argument["kind"] as? String == "flag")
            }
            for inner in command["subcommands"] as? [[String: Any]] ?? [] {
                let word = inner["commandName"] as? String ?? "?"
                read(inner, name.isEmpty ? word : "\(name) \(word)")
            }
        }
        read(try #require(tool["command"] as? [String: Any]), "")
        return commands
    }

    private static func long(_ arguments: [Argument], where holds: (Argument) -> Bool = { _ in true })
        -> Set<String>
    {
        Set(arguments.filter(holds).flatMap(\.names).filter { $0.hasPrefix("--") })
    }

    @Test func everyFlagOfTrainHasItsLine() throws {
        let train = try #require(try Self.known()["train"])
        // Those of every program.
        let rest: Set = ["--help", "--version"]
        let table = TrainFlag.all.map(\.name)
        #expect(Set(table).count == table.count)
        #expect(Set(table) == Self.long(train).subtracting(rest))
        #expect(
            Set(TrainFlag.all.filter { !$0.takesValue }.map(\.name))
                == Self.long(train, where: \.isSwitch).subtracting(rest))
    }

    /// A classifier or a regressor reads a setting by the name of its flag: each such flag is some method's, and each setting has
    /// a flag.
    @Test func theFlagsOfClassicalMethodsAreTheirSettings() throws {
        let settings = Set(
            (ClassifierRegistry.standard.kinds.flatMap { $0.settingNames }
                + RegressorRegistry.standard.kinds.flatMap { $0.settingNames }).map { "--\($0)" })
        let features: Set = ["--features", "--deskew", "--scale", "--pca"]
        #expect(
            settings.subtracting(["--seed"]) == Set(TrainFlag.names(.classical)).subtracting(features))
        let given = try ClassicalOptions.parse([
            "--k", "3", "--metric", "l1", "--approximate", "--distance-weights", "--kernel", "rbf", "--c",
            "1,2",
            "--gamma", "0.5", "--folds", "4", "--nu", "0.1", "--class-weights", "3=2,8=0.5", "--tolerance",
            "0.1",
            "--cache-mb", "5", "--alpha", "2", "--epsilon", "0.2", "--multiclass", "crammer-singer",
            "--squared-hinge", "--fit-probabilities",
        ]).given
        #expect(Set(given.map { "--\($0.name)" }) == settings.subtracting(["--seed"]))
        #expect(given.contains(LearnerSetting("c", "1,2")))
        #expect(given.contains(LearnerSetting("class-weights", "3=2,8=0.5")))
        #expect(given.contains(LearnerSetting("multiclass", "crammer-singer")))
    }

    /// A switch of one command is none that takes a value in another: what stands behind it would be read in two ways.
    @Test func theSwitchesAreThoseOfAllCommands() throws {
        let all = try Self.known().values.flatMap { $0 }
        #expect(Flags.switches == Self.long(all, where: \.isSwitch))
        #expect(Flags.switches.isDisjoint(with: Self.long(all) { !$0.isSwitch }))
    }

    @Test func everySynonymLeadsToAFlag() throws {
        let commands = try Self.known()
        let all = Self.long(commands.values.flatMap { $0 })
        for (name, flag) in notEmpty(Synonyms.flags) {
            #expect(all.contains(flag) && !all.contains(name), "\(name) \(flag)")
        }
        for (verb, flags) in notEmpty(Synonyms.flagsOf) {
            // What `tune` does not know itself, it hands to `train`; `boundary` takes the names of both.
            let more = ["tune", "boundary"].contains(verb) ? commands["train"] ?? [] : []
            let known = Self.long(try #require(commands[verb], "\(verb)") + more)
            for (name, flag) in flags {
                #expect(known.contains(flag) && name != flag, "\(verb) \(name) \(flag)")
            }
        }
        let valued = Self.long(commands.values.flatMap { $0 }) { !$0.isSwitch }
        #expect(Synonyms.valued.subtracting(valued) == [])
    }

    /// What a search refuses, a run that goes on refuses, a recipe and a classical classifier refuse: as before the table, and the
    /// flags that had been forgotten.
    @Test func theMarksSayWhatTheCommandsDo() throws {
        let unsearchable = Set(
            TrainFlag.all.filter { !$0.has(.searchable) }.map { String($0.name.dropFirst(2)) })
        let before: Set = [
            "data", "data-dir", "test-data", "train-limit", "test-limit", "epochs", "seed", "out", "name",
            "force",
            "emit-python", "repeat", "json", "quiet",
            "no-color", "threads", "recipe", "resume", "checkpoint-every", "val-split", "validation",
            "resident-limit",
            "dry-run", "label", "task", "missing", "encoding", "image-size", "fit", "grayscale", "digits",
            "skip-unreadable", "group-by", "test-split",
        ]
        let classical = Set(TrainFlag.names(.classical).map { String($0.dropFirst(2)) })
        #expect(unsearchable == before.union(classical))
        #expect(
            Set(TrainFlag.names(.resume)) == [
                "--resume", "--epochs", "--json", "--quiet", "--no-color", "--threads",
            ])
        #expect(
            Set(TrainFlag.names(.recipe)) == [
                "--model", "--hidden", "--activation", "--epochs", "--batch-size", "--optimizer", "--lr",
                "--momentum", "--loss", "--schedule", "--weight-decay", "--dropout", "--clip-norm",
                "--patience", "--augment", "--average",
            ])
        #expect(Set(TrainFlag.names(.networks)).isDisjoint(with: TrainFlag.names(.classical)))
    }

    @Test func aSearchRefusesWhatIsNoNetworks() throws {
        let command = try CommandRun()
        for flags in [["--k", "3", "--range", "lr=1e-2..1:log"], ["--range", "k=1..5"]] {
            let result = command.end(try command.start(["tune", "--trials", "1", "--epochs", "1"] + flags))
            #expect(result.code == 64, "\(flags): \(result.error)")
            #expect(result.error.contains("not a setting that a search can have"), "\(result.error)")
            #expect(command.names("runs") == [])
        }
    }

    /// Where something is written, how often and instead of what is for the command that goes on to say.
    @Test func ofARunThatGoesOnOnlyItsSettingsCount() {
        let line =
            "train --data mnist --lr 0.1 -o x --force --json --repeat 3 --emit-python run.py"
            + " --resume --epochs 3 --threads=2 --nonsense --features hog"
        #expect(
            TrainingResumption.settings(line.split(separator: " ").map(String.init)).joined(separator: " ")
                == "train --data mnist --lr 0.1 --epochs 3 --nonsense --features hog")
    }

    @Test(arguments: [
        ("train --quiet -1", "train --quiet -1"), ("train -q -1", "train --quiet -1"),
        ("train --json -.5 --lr -1", "train --json -.5 --lr=-1"),
        ("gradcheck --all -1", "gradcheck --all -1"),
        ("train --dry-run -3", "train --dry-run -3"), ("notes --no-pause -1", "notes --no-pause -1"),
    ])
    func aNumberBehindASwitchIsNotItsValue(typed: String, expected: String) throws {
        let words = typed.split(separator: " ").map(String.init)
        #expect(Synonyms.resolved(words).joined(separator: " ") == expected)
    }

    @Test func aNumberBehindASwitchIsRefusedByItsOwnName() throws {
        let result = try CommandRun().run("train", "--quiet", "-1")
        #expect(
            result.code == 64 && result.error.contains("-1") && !result.error.contains("--quiet"),
            "\(result.error)")
    }
}
