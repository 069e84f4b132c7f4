import Descent
import Notes
import Testing

@testable import DescentCommand

@Suite struct DisplayTests {
    private let progress = TrainingProgress(
        epoch: 3, epochs: 16, step: 312, stepsPerEpoch: 600, loss: 0.23451, samplesPerSecond: 845_070.4,
        secondsLeft: 12.04)

    private func bar(_ columns: Int, test: Scores? = Scores(loss: 1, accuracy: 0.941)) -> String {
        ProgressDisplay.bar(progress, test: test, columns: columns, isUTF8: false, isColored: false)
    }

    // 2 epochs and 312 steps of 16 x 600: 15.75 % of 30 cells are 4.7, so 4 are full.
    @Test func theBarHasAllOfItsParts() {
        #expect(
            bar(140) == "epoch  3/16  ====--------------------------  step 312/600  845,070 samples/s"
                + "  loss 0.2345  test 94.10 %  12.0 s left")
    }

    @Test func whatDoesNotFitIsLeftOut() {
        #expect(bar(80) == "epoch  3/16  ==-----------------  845,070 samples/s  loss 0.2345  12.0 s left")
        #expect(bar(40) == "epoch  3/16  =----------  12.0 s left")
        for columns in 1...140 { #expect(bar(columns).count < max(2, columns), "\(columns)") }
        #expect(bar(5) == "epoc")
    }

    @Test func coloursAndLinesTakeTheSameRoom() {
        let colored = ProgressDisplay.bar(progress, test: nil, columns: 100, isUTF8: true, isColored: true)
        let plain = ProgressDisplay.bar(progress, test: nil, columns: 100, isUTF8: true, isColored: false)
        #expect(colored.replacing(/\u{1B}\[[0-9]*m/, with: "").count == plain.count)
        #expect(!plain.contains("\u{1B}"))
    }

    @Test func anEpochIsOneLine() {
        let epoch = History.Epoch(
            number: 3, training: Scores(loss: 0.53104, accuracy: 0.8615),
            test: Scores(loss: 1, accuracy: 0.87),
            seconds: 0.0712, steps: 600, samples: 60_000)
        #expect(
            ProgressDisplay.line(epoch, of: 16)
                == "epoch  3/16  training loss 0.5310  training accuracy 86.15 %  test accuracy 87.00 %  0.07 s"
        )
    }

    @Test func tablesAreAligned() {
        var table = TextTable(["name", "count"], alignments: [.left, .right])
        table.rows = [["a", "1"], ["longer", "1,000"]]
        #expect(
            table.text == """
                name     count
                a            1
                longer   1,000

                """)
    }

    @Test func manyEpochsAreSummarised() {
        let epochs = (1...200).map { number in
            History.Epoch(
                number: number, training: Scores(loss: 1, accuracy: Double(number) / 200),
                test: Scores(loss: 1, accuracy: number == 57 ? 0.9 : 0.5), seconds: 0.1, steps: 3,
                samples: 300)
        }
        let run = History(
            epochs: epochs, training: epochs[199].training, test: epochs[199].test, trainingSeconds: 20,
            steps: 600)
        let first = TrainingReport.table(run).split(separator: "\n").map {
            $0.split(separator: " ").first.map(String.init) ?? ""
        }
        #expect(
            first == [
                "epoch", "1", "...", "20", "...", "40", "...", "57", "...", "60", "...", "80", "...", "100",
                "...",
                "120", "...", "140", "...", "160", "...", "180", "...", "200",
            ])
    }

    @Test func indicesAreOneOrARange() {
        #expect(IndexRange(argument: "7").map { [$0.first, $0.last] } == [7, 7])
        #expect(IndexRange(argument: "0-9").map { [$0.first, $0.last] } == [0, 9])
        for wrong in ["", "-1", "a", "3-1", "1-2-3", "1-", "9223372036854775807"] {
            #expect(IndexRange(argument: wrong) == nil, "\(wrong)")
        }
    }

    @Test func messagesOfTheParserBecomeOneLine() {
        #expect(
            Failure.oneLine("The value 'x' is invalid. Please provide one of the following:\n  - a\n  - b")
                == "The value 'x' is invalid. Please provide one of the following: a, b")
    }

    @Test func everyFamilyOfErrorsHasItsCode() {
        let codes = DescentError.Kind.allCases.map { Failure.exitCode(of: $0) }
        #expect(codes == [1, 64, 65, 66, 69, 73, 74, 2, 130])
    }

    @Test func betweenSectionsOneIsAsked() {
        #expect(ReadingPause.isYes("") && ReadingPause.isYes("n"))
        #expect(!ReadingPause.isYes("q") && !ReadingPause.isYes("Q") && !ReadingPause.isYes(nil))
        #expect(ReadingPause.question(Section.all[1], .en).contains("Enter: section 2"))
        #expect(ReadingPause.question(Section.all[1], .ko).contains("2절"))
        // A pipe is nobody who reads.
        #expect(!ReadingPause.isPossible)
    }
}
