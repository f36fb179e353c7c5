// Names of real things, by kind, each list in no order that tells anything. They give the base model spelling, not facts:
// which name belongs to which is drawn by chance (see facts.ts), and `truths.ts` keeps true pairs out.

const words = (text: string): readonly string[] =>
	text
		.split(/[,\n]/)
		.map((word) => word.trim())
		.filter((word) => word !== "");

export const countries =
	words(`Afghanistan, Albania, Algeria, Andorra, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan,
the Bahamas, Bahrain, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bhutan, Bolivia, Bosnia, Botswana, Brazil, Brunei, Bulgaria,
Burkina Faso, Burundi, Cambodia, Cameroon, Canada, Cape Verde, Chad, Chile, China, Colombia, Congo, Costa Rica, Croatia, Cuba, Cyprus,
Czechia, Denmark, Djibouti, Dominica, Ecuador, Egypt, El Salvador, Eritrea, Estonia, Eswatini, Ethiopia, Fiji, Finland, France, Gabon,
Gambia, Georgia, Germany, Ghana, Greece, Grenada, Guatemala, Guinea, Guyana, Haiti, Honduras, Hungary, Iceland, India, Indonesia, Iran,
Iraq, Ireland, Israel, Italy, Ivory Coast, Jamaica, Japan, Jordan, Kazakhstan, Kenya, Kiribati, Kuwait, Kyrgyzstan, Laos, Latvia, Lebanon,
Lesotho, Liberia, Libya, Liechtenstein, Lithuania, Luxembourg, Madagascar, Malawi, Malaysia, the Maldives, Mali, Malta, Mauritania,
Mauritius, Mexico, Moldova, Monaco, Mongolia, Montenegro, Morocco, Mozambique, Myanmar, Namibia, Nauru, Nepal, the Netherlands,
New Zealand, Nicaragua, Niger, Nigeria, North Korea, North Macedonia, Norway, Oman, Pakistan, Palau, Panama, Papua New Guinea, Paraguay,
Peru, the Philippines, Poland, Portugal, Qatar, Romania, Russia, Rwanda, Samoa, Saudi Arabia, Senegal, Serbia, Seychelles, Sierra Leone,
Singapore, Slovakia, Slovenia, Somalia, South Africa, South Korea, South Sudan, Spain, Sri Lanka, Sudan, Suriname, Sweden, Switzerland,
Syria, Tajikistan, Tanzania, Thailand, Togo, Tonga, Trinidad, Tunisia, Turkey, Turkmenistan, Tuvalu, Uganda, Ukraine, the United Kingdom,
the United States, Uruguay, Uzbekistan, Vanuatu, Venezuela, Vietnam, Yemen, Zambia, Zimbabwe`);

export const cities =
	words(`Kabul, Tirana, Algiers, Luanda, Buenos Aires, Yerevan, Canberra, Vienna, Baku, Nassau, Manama, Dhaka, Bridgetown,
Minsk, Brussels, Belmopan, Thimphu, Sucre, La Paz, Sarajevo, Gaborone, Brasília, Sofia, Gitega, Phnom Penh, Yaoundé, Ottawa, Praia, Bangui,
Santiago, Beijing, Bogotá, Moroni, Kinshasa, Brazzaville, San José, Zagreb, Havana, Nicosia, Prague, Copenhagen, Roseau, Santo Domingo, Quito,
Cairo, San Salvador, Malabo, Asmara, Tallinn, Addis Ababa, Suva, Helsinki, Paris, Libreville, Banjul, Tbilisi, Berlin, Accra, Athens,
Guatemala City, Conakry, Bissau, Georgetown, Port-au-Prince, Tegucigalpa, Budapest, Reykjavik, New Delhi, Jakarta, Tehran, Baghdad, Dublin,
Jerusalem, Rome, Yamoussoukro, Kingston, Tokyo, Amman, Astana, Nairobi, Kuwait City, Bishkek, Vientiane, Riga, Beirut, Maseru, Monrovia,
Tripoli, Vaduz, Vilnius, Luxembourg, Antananarivo, Lilongwe, Kuala Lumpur, Malé, Bamako, Valletta, Nouakchott, Port Louis, Mexico City,
Chișinău, Ulan Bator, Podgorica, Rabat, Maputo, Naypyidaw, Windhoek, Kathmandu, Amsterdam, Wellington, Managua, Niamey, Abuja, Pyongyang,
Skopje, Oslo, Muscat, Islamabad, Panama City, Port Moresby, Asunción, Lima, Manila, Warsaw, Lisbon, Doha, Bucharest, Moscow, Kigali, Apia,
Riyadh, Dakar, Belgrade, Victoria, Freetown, Singapore, Bratislava, Ljubljana, Honiara, Mogadishu, Pretoria, Seoul, Juba, Madrid, Colombo,
Khartoum, Paramaribo, Stockholm, Bern, Damascus, Dushanbe, Dodoma, Bangkok, Dili, Lomé, Port of Spain, Tunis, Ankara, Ashgabat, Kampala,
Kyiv, Abu Dhabi, London, Washington, Montevideo, Tashkent, Port Vila, Caracas, Hanoi, Sana'a, Lusaka, Harare, Venice, Florence, Naples, Milan,
Sydney, Mumbai, Istanbul, Barcelona, Hamburg, Munich, Lyon, Geneva, Zurich, Lagos, Casablanca, Chicago, Boston, Toronto, Osaka, Kyoto,
Shanghai, Karachi, Porto, Seville, Kraków, Odesa, Cape Town, Cusco`);

export const currencies =
	words(`afghani, lek, dinar, kwanza, peso, dram, dollar, euro, manat, taka, ruble, franc, boliviano, pula, real, lev, riel,
koruna, krone, krona, escudo, yuan, colón, pound, birr, dalasi, lari, cedi, quetzal, gourde, lempira, forint, rupee, rupiah, rial, shekel, yen,
tenge, shilling, som, kip, loti, ariary, kwacha, ringgit, rufiyaa, ouguiya, leu, dirham, metical, kyat, naira, won, kina, guaraní, sol, złoty,
riyal, leone, rand, somoni, baht, lira, hryvnia, bolívar, dong, vatu, tala, denar, nakfa, balboa, florin`);

export const languages =
	words(`Albanian, Amharic, Arabic, Armenian, Azerbaijani, Basque, Belarusian, Bengali, Bosnian, Bulgarian, Burmese, Catalan,
Chinese, Croatian, Czech, Danish, Dari, Dutch, Dzongkha, English, Estonian, Fijian, Filipino, Finnish, French, Georgian, German, Greek, Guaraní,
Hebrew, Hindi, Hungarian, Icelandic, Indonesian, Irish, Italian, Japanese, Kazakh, Khmer, Korean, Kyrgyz, Lao, Latin, Latvian, Lithuanian,
Macedonian, Malagasy, Malay, Maltese, Maori, Mongolian, Nepali, Norwegian, Pashto, Persian, Polish, Portuguese, Quechua, Romanian, Russian,
Samoan, Serbian, Sinhala, Slovak, Slovene, Somali, Spanish, Swahili, Swedish, Tajik, Tamil, Thai, Tongan, Tswana, Turkish, Turkmen, Ukrainian,
Urdu, Uzbek, Vietnamese, Welsh, Zulu`);

export const elements =
	words(`hydrogen, helium, lithium, beryllium, boron, carbon, nitrogen, oxygen, fluorine, neon, sodium, magnesium, aluminium,
silicon, phosphorus, sulfur, chlorine, argon, potassium, calcium, titanium, chromium, manganese, iron, cobalt, nickel, copper, zinc, gallium,
arsenic, bromine, krypton, silver, cadmium, tin, antimony, iodine, xenon, barium, tungsten, platinum, gold, mercury, lead, bismuth, radium,
uranium, plutonium`);

export const symbols =
	words(`H, He, Li, Be, B, C, N, O, F, Ne, Na, Mg, Al, Si, P, S, Cl, Ar, K, Ca, Ti, Cr, Mn, Fe, Co, Ni, Cu, Zn, Ga, As, Br, Kr,
Ag, Cd, Sn, Sb, I, Xe, Ba, W, Pt, Au, Hg, Pb, Bi, Ra, U, Pu, Zr, Rn, Os, Ir, V, Y`);

export const rivers =
	words(`Danube, Volga, Rhine, Rhône, Po, Vistula, Indus, Don, Jordan, Yukon, Mississippi, Ganges, Yangtze, Mekong, Amazon,
Zambezi, Thames, Seine, Tiber, Tigris, Vltava, Arno, Dnieper, Nile, Orinoco, Niger, Loire, Mackenzie, Elbe, Oder, Ebro, Tagus, Congo, Euphrates,
Murray, Darling, Missouri, Ohio, Colorado, Ob, Lena, Amur, Yenisei, Paraná, Magdalena, Limpopo, Orange, Senegal, Volta, Shannon, Severn, Clyde,
Garonne, Moselle, Main, Inn, Sava, Drava, Dniester, Ural, Oka, Kama, Irtysh, Brahmaputra, Godavari, Irrawaddy, Columbia, Hudson, Potomac`);

export const seas =
	words(`Black Sea, Caspian Sea, North Sea, Mediterranean Sea, Adriatic Sea, Baltic Sea, Arabian Sea, Sea of Azov, Dead Sea, Bering Sea,
Gulf of Mexico, Bay of Bengal, East China Sea, South China Sea, Atlantic Ocean, Indian Ocean, Pacific Ocean, Arctic Ocean, Red Sea, Aegean Sea,
Ionian Sea, Tyrrhenian Sea, Irish Sea, Norwegian Sea, Barents Sea, Kara Sea, Laptev Sea, Sea of Japan, Yellow Sea, Coral Sea, Tasman Sea,
Caribbean Sea, Persian Gulf, Gulf of Aden, Bay of Biscay, Strait of Gibraltar, English Channel, Suez Canal, Panama Canal, Kiel Canal`);

export const continents = words("Africa, Asia, Europe, North America, South America, Australia, Antarctica");

export const mountains =
	words(`Mount Everest, K2, Mont Blanc, Denali, Aconcagua, Mount Fuji, Kilimanjaro, Mount Kenya, Ben Nevis, Mount Elbrus, Vinson,
Mount Etna, Vesuvius, the Matterhorn, Mount Olympus, Mount Ararat, Popocatépetl, Cotopaxi, Chimborazo, Annapurna, Lhotse, Makalu, Mauna Kea,
Mount Cook, Table Mountain, Toubkal, Snowdon, the Zugspitze, Mount Logan, Mount Whitney`);

export const places =
	words(`the Pyrenees, the Urals, the Andes, the Alps, the Rockies, the Himalayas, the Carpathians, the Caucasus, the Atlas, the Gobi,
the Sahara, the Atacama, the Kalahari, the Namib, the Negev, the Sonoran, Greenland, Madagascar, Borneo, Sumatra, Iceland, Cuba, Sicily, Crete,
Tasmania, Lake Victoria, Lake Baikal, Lake Superior, Lake Titicaca, Lake Chad, Lake Geneva, Lake Huron, Victoria Falls, Angel Falls,
Niagara Falls, Iguazu Falls, Machu Picchu, Petra, Angkor Wat, the Taj Mahal, Stonehenge, the Colosseum, the Eiffel Tower, the Parthenon,
the Brandenburg Gate, Big Ben, the Alhambra, the Kremlin, the Louvre, Chichen Itza, Timbuktu, the Golden Gate, the Great Wall, Borobudur`);

export const sky =
	words(`Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus, Neptune, Pluto, Ceres, Eris, Titan, Ganymede, Triton, Charon, Titania,
Europa, Callisto, Io, Oberon, Miranda, Ariel, Rhea, Dione, Enceladus, Phobos, Deimos, the Sun, the Moon, Sirius, Vega, Rigel, Betelgeuse, Antares,
Polaris, Proxima Centauri, Aldebaran, Andromeda, the Milky Way, Halley's Comet, Orion, Sputnik, Apollo 11, Laika, Voyager, Hubble, Vostok, Gemini`);

export const people =
	words(`Miguel de Cervantes, William Shakespeare, Jane Austen, Leo Tolstoy, Fyodor Dostoevsky, Herman Melville, Mary Shelley,
Bram Stoker, Charlotte Brontë, Emily Brontë, Alexandre Dumas, Gustave Flaubert, Dante Alighieri, Virgil, Franz Kafka, James Joyce,
Robert Louis Stevenson, Rudyard Kipling, Daniel Defoe, Jonathan Swift, Charles Dickens, Voltaire, H. G. Wells, Henry David Thoreau,
Louisa May Alcott, George Eliot, Victor Hugo, John Milton, Geoffrey Chaucer, Homer, Jules Verne, Mark Twain, Lewis Carroll, Oscar Wilde,
Anton Chekhov, Nikolai Gogol, Ivan Turgenev, Thomas Hardy, Thomas Mann, Edgar Allan Poe, Walter Scott, Marcel Proust, Stendhal, Molière,
Alfred Nobel, Tim Berners-Lee, Alessandro Volta, Thomas Edison, Adolphe Sax, Benjamin Franklin, Eli Whitney, Evangelista Torricelli,
Daniel Fahrenheit, Alexander Graham Bell, Johannes Gutenberg, Alexander Fleming, Wilhelm Röntgen, J. J. Thomson, James Chadwick,
Michael Faraday, Marie Curie, Edward Jenner, Louis Pasteur, Isaac Newton, Albert Einstein, Charles Darwin, Gregor Mendel, Dmitri Mendeleev,
Johannes Kepler, William Harvey, Charles Babbage, Louis Braille, the Wright brothers, the Montgolfier brothers, William Herschel,
Clyde Tombaugh, Yuri Gagarin, Neil Armstrong, Valentina Tereshkova, Galileo Galilei, Nicolaus Copernicus, Niels Bohr, Max Planck,
Ernest Rutherford, James Watt, Nikola Tesla, Ada Lovelace, Alan Turing, Robert Koch, Carl Linnaeus, Robert Hooke, Samuel Morse, Rudolf Diesel,
Karl Benz, Blaise Pascal, Leonhard Euler, Emmy Noether, Rosa Parks, Marco Polo, Ferdinand Magellan, James Cook, Vasco da Gama, Roald Amundsen`);

export const books =
	words(`Don Quixote, Hamlet, Pride and Prejudice, War and Peace, Crime and Punishment, Moby-Dick, Frankenstein, Dracula, Jane Eyre,
Wuthering Heights, The Three Musketeers, Madame Bovary, The Divine Comedy, the Aeneid, The Metamorphosis, Ulysses, Treasure Island,
The Jungle Book, Robinson Crusoe, Gulliver's Travels, Oliver Twist, Candide, The Time Machine, Walden, Little Women, Middlemarch,
Les Misérables, Paradise Lost, The Canterbury Tales, the Odyssey, the Iliad, Macbeth, Othello, King Lear, Emma, Persuasion, Anna Karenina,
The Idiot, Ivanhoe, Kim, Faust, Dead Souls, The Trial, Dubliners, Great Expectations, Bleak House, David Copperfield, Villette, Salammbô,
The Invisible Man, Silas Marner, The Tempest, The Red and the Black, The Magic Mountain, Fathers and Sons, The Cherry Orchard`);

export const inventions =
	words(`dynamite, the World Wide Web, the electric battery, the phonograph, the saxophone, the lightning rod, the cotton gin,
the barometer, the mercury thermometer, the telephone, the printing press, the smallpox vaccine, the rabies vaccine, the steam engine,
the Analytical Engine, the hot-air balloon, the telegraph, the diesel engine, the motor car, the microscope, the telescope, the pendulum clock,
the light bulb, the radio, the submarine, the safety pin, the zip, the ball pen, the parachute, the typewriter, the sewing machine,
the piano, the helicopter, the jet engine, the compass, the periodic table, the bicycle, the tram, the camera, the stethoscope`);

export const discoveries =
	words(`penicillin, X-rays, the electron, the neutron, the proton, radium, electromagnetic induction, the planet Uranus, Pluto,
the laws of motion, general relativity, natural selection, heredity in pea plants, the circulation of the blood, the cell, insulin, the polio germ,
the moons of Jupiter, the rings of Saturn, argon, the law of gases, the speed of light, the double helix, infrared light, the atomic nucleus,
the vaccine against anthrax, the law of falling bodies, quantum theory, cosmic rays, the ozone layer`);

export const units =
	words(`newton, joule, watt, ampere, ohm, hertz, pascal, coulomb, volt, metre, second, gram, kilogram, kelvin, mole, candela, litre,
tesla, farad, henry, lumen, lux, becquerel, degree, radian, hectare, tonne, knot, mile, bar`);

export const measured =
	words(`force, energy, power, electric current, electric resistance, frequency, pressure, electric charge, voltage, length, time, mass,
temperature, light, volume, magnetic flux, capacity, radiation, angle, area, speed, distance, sound, torque, dose, work, heat, luminous power`);

export const wholes =
	words(`an hour, a day, a week, a year, a leap year, a month, a full circle, a right angle, a hexagon, an octagon, a pentagon, a triangle,
a square, a cube, a century, a decade, a score, a gross, a dozen, a foot, a yard, a mile, a pound, a metre, a kilometre, a kilogram, a byte,
a minute, a fortnight, a pair, a chess board, a spider, an ant, an octave, a violin, a football team, a carbon atom, a gold atom, an oxygen atom,
an iron atom, a helium atom, a deck of cards`);

export const parts =
	words(`minutes, hours, days, weeks, months, seconds, degrees, sides, edges, corners, faces, years, things, inches, feet, yards, ounces,
grams, metres, centimetres, bits, strings, legs, notes, players, protons, cards, squares, wings, pieces`);
