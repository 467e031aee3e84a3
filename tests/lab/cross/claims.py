"""What says of each state of this lab whether its title is true."""

CLAIMS = {
    "exchanged": lambda lab: (lab.plain.text, lab.tested.text) == ("la voiture rouge", "la rouge"),
    "cut": lambda lab: lab.plain.text.split()[0] == "la" and lab.tested.text.split()[0] == "les",
    "another": lambda lab: lab.test == "cut" and lab.english_word == 3 and lab.tested.text == lab.plain.text,
    "square": lambda lab: len(set(lab.attended.weights.shape[-2:])) == 1,
}
