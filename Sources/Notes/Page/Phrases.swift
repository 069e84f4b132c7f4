import Datasets
import Support

/// The words of the page and the terminal that belong to no section.
enum Phrases {
    static let title = Words(
        "Deep learning from scratch: the notebook in Swift", "밑바닥부터 시작하는 딥러닝: 다시 실행하는 노트북")
    static let lead = Words(
        "The notebook is that of a course on deep learning from scratch, in Python with NumPy; its examples are those of "
            + "Koki Saitoh's textbook Deep Learning from Scratch. Here is every section of it in Swift: what the code prints, "
            + "what the notebook printed, and a verdict. The code that is shown is the code that ran.",
        "노트북은 Python과 NumPy로 된 딥러닝 강의의 노트북이며, 예제는 사이토 고키의 교재 '밑바닥부터 시작하는 딥러닝'을 "
            + "따릅니다. 그 모든 절을 Swift로 다시 실행했습니다. 코드가 출력한 값, 노트북이 출력한 값, 그리고 판정을 보여 줍니다. "
            + "여기 보이는 코드가 실제로 실행된 코드입니다.")
    static let figure = Words("Figure", "값")
    static let printed = Words("printed here", "Swift의 출력")
    static let notebook = Words("in the notebook", "노트북의 출력")
    static let verdict = Words("verdict", "판정")
    static let expected = Words("expected", "기대값")
    static let contents = Words("Contents", "차례")
    static let aloneWith = Words("Alone:", "따로 실행:")
    static let firstBuild = Words(
        "(builds everything the first time: some minutes)", "(처음에는 전체를 빌드하므로 몇 분 걸립니다)")
    static let data = Words("Data", "데이터")
    static let output = Words("All that it prints", "전체 출력")
    static let mnist = Words("MNIST", "MNIST")
    static let builtIn = Words(
        "built-in digits (MNIST is not at hand)", "내장 숫자(MNIST가 없음)")
    static let seconds = Words(" s", "초")
    static let pictures = Words("Pictures", "그림")
    static let picturesAdvice = Words("shown by the page", "페이지에서 보기")
    static let trouble = Words("Trouble", "문제")
    static let allHold = Words("All sections hold.", "모든 절의 결과가 맞습니다.")

    static func failed(_ count: Int) -> Words {
        Words(count == 1 ? "1 section failed." : "\(count) sections failed.", "\(count)개 절의 결과가 맞지 않습니다.")
    }

    static func section(_ number: Int) -> Words { Words("Section \(number)", "\(number)절") }
}

extension Verdict {
    /// The verdict in words.
    package var words: Words {
        switch self {
        case .exact: Words("exact", "일치")
        case .within: Words("within tolerance", "허용 오차 이내")
        case .slip: Words("holds; the notebook has a slip", "맞음; 노트북에 실수가 있음")
        case .measured: Words("in the expected range", "기대 범위 이내")
        case .shown: Words("shown", "참고")
        case .failed: Words("failed", "불일치")
        }
    }
}

extension Figure.Rule {
    /// Describes a tolerance or a range, where there is one to be stated.
    func tolerance(_ language: Language) -> String? {
        switch self {
        case .number, .between: expectation.map { "\(Phrases.expected[language]): \($0)" }
        case .text, .shown: nil
        }
    }
}

extension SectionResult {
    /// Names the digits that the section used; nil when it used none.
    func dataName(_ language: Language) -> String? {
        guard section.needsDigits else { return nil }
        return (usesBuiltInDigits ? Phrases.builtIn : Phrases.mnist)[language]
    }

    /// Whether the built-in digits replaced MNIST.
    var usesBuiltInDigits: Bool { section.needsDigits && output.hasPrefix("builtin") }
}
