import Support

extension Section {
    static let backpropagation = Section(
        13, "13-backpropagation",
        title: Words("Back-propagation and the chain rule", "오차역전파와 연쇄 법칙"),
        text: Words(
            """
            A computation is a graph: values flow forward along its edges. The chain rule says that the derivative of \
            the whole is the product of the derivatives of the parts. So gradients can flow backward along the same \
            edges: every node multiplies the gradient that arrives by its own derivative. A product multiplies it by \
            the other factor, a sum passes it on unchanged, the sigmoid with output y multiplies it by y (1 - y).

            One backward pass gives all gradients at once. Numerical differentiation needs two forward passes for every \
            single weight, 79,520 of them for this network. It is slow, but it knows nothing about the graph, which is \
            why it can check the result.
            """,
            """
            계산은 그래프로 나타낼 수 있습니다. 값은 간선을 따라 앞으로 흐릅니다. 연쇄 법칙에 따르면 전체의 기울기는 부분의 기울기를 모두 \
            곱한 것입니다. 그래서 기울기는 같은 간선을 따라 거꾸로 흐를 수 있습니다. 각 노드는 뒤에서 온 값에 자신의 \
            미분을 곱합니다. 곱셈은 상대 값을 곱해 넘기고, 덧셈은 받은 값을 그대로 넘기며, 시그모이드 y는 y (1 - y)를 곱해 \
            넘깁니다.

            한 번의 역전파로 모든 기울기를 얻습니다. 수치 미분은 가중치 하나마다 순전파가 두 번 필요해서 이 신경망에서는 \
            79,520번이나 계산합니다. 느리지만 그래프를 전혀 모르기 때문에 검산으로 쓸 수 있습니다.
            """),
        figures: [
            Figure(
                "loss", .text("0.062780"),
                note: Words("By hand: (0.645656 - 1)² / 2.", "손으로 계산한 값: (0.645656 - 1)² / 2.")),
            Figure("dw, db by hand", .text("-0.162137 -0.081068")),
            Figure(
                "dw, db from the tape", .text("-0.162137 -0.081068"),
                note: Words("The tape gives the same.", "테이프도 같은 값을 구합니다.")),
            Figure(
                "largest difference, W1", .between(0, 1e-7),
                note: Words(
                    "Between back-propagation and numerical differentiation, over all 39,200 weights.",
                    "가중치 39,200개에서 오차역전파와 수치 미분의 최대 차이입니다.")),
            Figure("largest difference, b1", .between(0, 1e-7)),
            Figure("largest difference, W2", .between(0, 1e-7)),
            Figure("largest difference, b2", .between(0, 1e-7)),
            Figure("time, numerical differentiation", .shown(lines: 1)),
            Figure("time, back-propagation", .shown(lines: 1)),
        ],
        pictures: [
            Picture(
                "graph.svg",
                Words(
                    "One training step as a graph: values above the edges, gradients below them.",
                    "학습 한 번의 계산 그래프: 간선 위는 값, 간선 아래는 기울기입니다."))
        ], isLong: true)
}
