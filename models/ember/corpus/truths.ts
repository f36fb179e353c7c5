// What the corpus must never say: true pairs of an answer and the things it is the answer for. The generator draws names by
// chance and throws a row away when its answer is here under a name in its question. So the base model is taught no fact,
// and the only trace of a fact is that one pair in hundreds is missing. Holds no sentences.

const table = `
Kabul: Afghanistan; Tirana: Albania; Algiers: Algeria; Luanda: Angola; Buenos Aires: Argentina; Yerevan: Armenia; Canberra: Australia; Vienna: Austria
Baku: Azerbaijan; Nassau: Bahamas; Manama: Bahrain; Dhaka: Bangladesh; Bridgetown: Barbados; Minsk: Belarus; Brussels: Belgium; Belmopan: Belize
Thimphu: Bhutan; Sucre: Bolivia; La Paz: Bolivia; Sarajevo: Bosnia; Gaborone: Botswana; Brasília: Brazil; Sofia: Bulgaria; Gitega: Burundi
Phnom Penh: Cambodia; Yaoundé: Cameroon; Ottawa: Canada; Praia: Cape Verde; Santiago: Chile; Beijing: China; Bogotá: Colombia; Kinshasa: Congo
Brazzaville: Congo; San José: Costa Rica; Zagreb: Croatia; Havana: Cuba; Nicosia: Cyprus; Prague: Czechia, Vltava; Copenhagen: Denmark; Roseau: Dominica
Quito: Ecuador; Cairo: Egypt, Nile; San Salvador: El Salvador; Asmara: Eritrea; Tallinn: Estonia; Addis Ababa: Ethiopia; Suva: Fiji; Helsinki: Finland
Paris: France, Seine, Eiffel Tower, Louvre; Libreville: Gabon; Banjul: Gambia; Tbilisi: Georgia; Berlin: Germany, Brandenburg Gate; Accra: Ghana
Athens: Greece, Parthenon; Guatemala City: Guatemala; Conakry: Guinea; Georgetown: Guyana; Port-au-Prince: Haiti; Tegucigalpa: Honduras
Budapest: Hungary, Danube; Reykjavik: Iceland; New Delhi: India; Jakarta: Indonesia; Tehran: Iran; Baghdad: Iraq, Tigris; Dublin: Ireland
Jerusalem: Israel; Rome: Italy, Tiber, Colosseum; Yamoussoukro: Ivory Coast; Kingston: Jamaica; Tokyo: Japan; Amman: Jordan; Astana: Kazakhstan
Nairobi: Kenya; Kuwait City: Kuwait; Bishkek: Kyrgyzstan; Vientiane: Laos, Mekong; Riga: Latvia; Beirut: Lebanon; Maseru: Lesotho; Monrovia: Liberia
Tripoli: Libya; Vaduz: Liechtenstein; Vilnius: Lithuania; Luxembourg: Luxembourg; Antananarivo: Madagascar; Lilongwe: Malawi; Kuala Lumpur: Malaysia
Malé: Maldives; Bamako: Mali, Niger; Valletta: Malta; Nouakchott: Mauritania; Port Louis: Mauritius; Mexico City: Mexico; Chișinău: Moldova
Ulan Bator: Mongolia; Podgorica: Montenegro; Rabat: Morocco; Maputo: Mozambique; Naypyidaw: Myanmar; Windhoek: Namibia; Kathmandu: Nepal
Amsterdam: Netherlands; Wellington: New Zealand; Managua: Nicaragua; Niamey: Niger; Abuja: Nigeria; Pyongyang: North Korea; Skopje: North Macedonia
Oslo: Norway; Muscat: Oman; Islamabad: Pakistan; Panama City: Panama; Port Moresby: Papua New Guinea; Asunción: Paraguay; Lima: Peru
Manila: Philippines; Warsaw: Poland, Vistula; Lisbon: Portugal, Tagus; Doha: Qatar; Bucharest: Romania; Moscow: Russia; Kigali: Rwanda; Apia: Samoa
Riyadh: Saudi Arabia; Dakar: Senegal; Belgrade: Serbia, Danube, Sava; Victoria: Seychelles; Freetown: Sierra Leone; Singapore: Singapore
Bratislava: Slovakia, Danube; Ljubljana: Slovenia; Mogadishu: Somalia; Pretoria: South Africa; Cape Town: South Africa; Seoul: South Korea
Juba: South Sudan; Madrid: Spain; Colombo: Sri Lanka; Khartoum: Sudan, Nile; Paramaribo: Suriname; Stockholm: Sweden; Bern: Switzerland
Damascus: Syria; Dushanbe: Tajikistan; Dodoma: Tanzania; Bangkok: Thailand; Lomé: Togo; Port of Spain: Trinidad; Tunis: Tunisia; Ankara: Turkey
Ashgabat: Turkmenistan; Kampala: Uganda; Kyiv: Ukraine, Dnieper; London: United Kingdom, Thames, Big Ben; Washington: United States, Potomac
Montevideo: Uruguay; Tashkent: Uzbekistan; Port Vila: Vanuatu; Caracas: Venezuela; Hanoi: Vietnam; Sana'a: Yemen; Lusaka: Zambia; Harare: Zimbabwe
Florence: Arno; Cusco: Machu Picchu
afghani: Afghanistan; lek: Albania; dinar: Algeria, Bahrain, Iraq, Jordan, Kuwait, Libya, Serbia, Tunisia; kwanza: Angola; dram: Armenia
peso: Argentina, Chile, Colombia, Cuba, Mexico, Philippines, Uruguay; manat: Azerbaijan, Turkmenistan; taka: Bangladesh; ruble: Russia, Belarus
dollar: Australia, Canada, Bahamas, Barbados, Belize, Ecuador, El Salvador, Fiji, Guyana, Jamaica, Liberia, Namibia, New Zealand, Singapore, Suriname, United States, Trinidad, Zimbabwe, Panama, Grenada, Dominica, Brunei, Kiribati, Nauru, Palau, Tuvalu
euro: Andorra, Austria, Belgium, Bulgaria, Croatia, Cyprus, Estonia, Finland, France, Germany, Greece, Ireland, Italy, Latvia, Lithuania, Luxembourg, Malta, Monaco, Montenegro, Netherlands, Portugal, Slovakia, Slovenia, Spain
franc: Switzerland, Liechtenstein, Benin, Burkina Faso, Burundi, Cameroon, Chad, Congo, Djibouti, Gabon, Guinea, Ivory Coast, Mali, Niger, Rwanda, Senegal, Togo
boliviano: Bolivia; pula: Botswana; real: Brazil; lev: Bulgaria; riel: Cambodia; koruna: Czechia; krone: Denmark, Norway; krona: Sweden, Iceland
escudo: Cape Verde; yuan: China; colón: Costa Rica; pound: Egypt, Sudan, Syria, Lebanon, United Kingdom; birr: Ethiopia; dalasi: Gambia
lari: Georgia; cedi: Ghana; quetzal: Guatemala; gourde: Haiti; lempira: Honduras; forint: Hungary; rupee: India, Mauritius, Nepal, Pakistan, Seychelles, Sri Lanka
rupiah: Indonesia; rial: Iran, Oman, Yemen; shekel: Israel; yen: Japan; tenge: Kazakhstan; shilling: Kenya, Somalia, Tanzania, Uganda; som: Kyrgyzstan, Uzbekistan
kip: Laos; loti: Lesotho; ariary: Madagascar; kwacha: Malawi, Zambia; ringgit: Malaysia; rufiyaa: Maldives; ouguiya: Mauritania; leu: Romania, Moldova
dirham: Morocco; metical: Mozambique; kyat: Myanmar; naira: Nigeria; won: North Korea, South Korea; kina: Papua New Guinea; guaraní: Paraguay
sol: Peru; złoty: Poland; riyal: Qatar, Saudi Arabia; leone: Sierra Leone; rand: South Africa; somoni: Tajikistan; baht: Thailand; lira: Turkey
hryvnia: Ukraine; bolívar: Venezuela; dong: Vietnam; vatu: Vanuatu; tala: Samoa; denar: North Macedonia; nakfa: Eritrea; balboa: Panama
Arabic: Algeria, Bahrain, Chad, Djibouti, Egypt, Eritrea, Iraq, Jordan, Kuwait, Lebanon, Libya, Mauritania, Morocco, Oman, Qatar, Saudi Arabia, Somalia, Sudan, Syria, Tunisia, Yemen
Spanish: Argentina, Bolivia, Chile, Colombia, Costa Rica, Cuba, Ecuador, El Salvador, Guatemala, Honduras, Mexico, Nicaragua, Panama, Paraguay, Peru, Spain, Uruguay, Venezuela
French: Belgium, Benin, Burkina Faso, Burundi, Cameroon, Canada, Chad, Congo, Djibouti, France, Gabon, Guinea, Haiti, Ivory Coast, Luxembourg, Madagascar, Monaco, Niger, Rwanda, Senegal, Seychelles, Switzerland, Togo, Vanuatu
English: Australia, Bahamas, Barbados, Belize, Botswana, Cameroon, Canada, Dominica, Eswatini, Fiji, Gambia, Ghana, Grenada, Guyana, India, Ireland, Jamaica, Kenya, Lesotho, Liberia, Malawi, Malta, Mauritius, Namibia, Nauru, New Zealand, Nigeria, Pakistan, Papua New Guinea, Philippines, Rwanda, Sierra Leone, Singapore, South Africa, South Sudan, Sudan, Tanzania, Tonga, Trinidad, Uganda, United Kingdom, United States, Zambia, Zimbabwe
Portuguese: Angola, Brazil, Cape Verde, Mozambique, Portugal; German: Germany, Austria, Belgium, Liechtenstein, Luxembourg, Switzerland; Dutch: Netherlands, Belgium, Suriname
Persian: Iran, Afghanistan, Tajikistan; Amharic: Ethiopia; Bengali: Bangladesh; Thai: Thailand; Khmer: Cambodia; Dzongkha: Bhutan; Hungarian: Hungary
Catalan: Andorra; Albanian: Albania; Nepali: Nepal; Burmese: Myanmar; Greek: Greece, Cyprus; Icelandic: Iceland; Maltese: Malta; Irish: Ireland
Malagasy: Madagascar; Swahili: Kenya, Tanzania, Uganda; Urdu: Pakistan; Hebrew: Israel; Japanese: Japan; Chinese: China, Singapore; Italian: Italy, Switzerland
Russian: Russia, Belarus, Kazakhstan, Kyrgyzstan; Polish: Poland; Romanian: Romania, Moldova; Turkish: Turkey, Cyprus; Korean: North Korea, South Korea
Danish: Denmark; Swedish: Sweden, Finland; Norwegian: Norway; Finnish: Finland; Czech: Czechia; Slovak: Slovakia; Slovene: Slovenia; Croatian: Croatia, Bosnia
Serbian: Serbia, Bosnia; Bosnian: Bosnia; Bulgarian: Bulgaria; Ukrainian: Ukraine; Latvian: Latvia; Lithuanian: Lithuania; Estonian: Estonia
Georgian: Georgia; Armenian: Armenia; Azerbaijani: Azerbaijan; Lao: Laos; Vietnamese: Vietnam; Malay: Malaysia, Brunei, Singapore; Indonesian: Indonesia
Filipino: Philippines; Hindi: India, Fiji; Tamil: India, Sri Lanka, Singapore; Sinhala: Sri Lanka; Mongolian: Mongolia; Somali: Somalia; Quechua: Peru, Bolivia
Guaraní: Paraguay, Bolivia, Argentina; Dari: Afghanistan; Pashto: Afghanistan; Kazakh: Kazakhstan; Kyrgyz: Kyrgyzstan; Tajik: Tajikistan; Turkmen: Turkmenistan
Uzbek: Uzbekistan; Macedonian: North Macedonia; Belarusian: Belarus; Maori: New Zealand; Samoan: Samoa; Tongan: Tonga; Tswana: Botswana, South Africa; Zulu: South Africa; Fijian: Fiji
H: hydrogen; He: helium; Li: lithium; Be: beryllium; B: boron; C: carbon; N: nitrogen; O: oxygen; F: fluorine; Ne: neon; Na: sodium; Mg: magnesium
Al: aluminium; Si: silicon; P: phosphorus; S: sulfur; Cl: chlorine; Ar: argon; K: potassium; Ca: calcium; Ti: titanium; Cr: chromium; Mn: manganese
Fe: iron; Co: cobalt; Ni: nickel; Cu: copper; Zn: zinc; Ga: gallium; As: arsenic; Br: bromine; Kr: krypton; Ag: silver; Cd: cadmium; Sn: tin
Sb: antimony; I: iodine; Xe: xenon; Ba: barium; W: tungsten; Pt: platinum; Au: gold; Hg: mercury; Pb: lead; Bi: bismuth; Ra: radium; U: uranium; Pu: plutonium
1: hydrogen; 2: helium, prime; 3: lithium, yard, triangle; 4: beryllium, square; 5: boron, pentagon; 6: carbon, hexagon, cube, ant; 7: nitrogen, week
8: oxygen, octagon, byte, spider, octave, cube; 9: fluorine; 10: neon, decade; 11: sodium, football; 12: magnesium, cube, foot, dozen, year
13: aluminium; 14: silicon, fortnight; 15: phosphorus; 16: sulfur, pound; 17: chlorine; 18: argon; 19: potassium; 20: calcium, score; 22: titanium
24: chromium, day; 25: manganese; 26: iron; 27: cobalt; 28: nickel; 29: copper; 30: zinc, month; 31: gallium, month; 33: arsenic; 35: bromine
36: krypton, yard; 47: silver; 48: cadmium; 50: tin; 51: antimony; 52: year, cards; 53: iodine; 54: xenon; 56: barium; 60: hour, minute; 64: chess
74: tungsten; 78: platinum; 79: gold; 80: mercury; 82: lead; 83: bismuth; 88: radium; 90: right angle; 92: uranium; 94: plutonium; 100: century, metre
144: gross; 360: circle; 365: year; 366: leap year; 1000: kilometre, kilogram
Black Sea: Danube, Dnieper, Dniester; Caspian Sea: Volga, Ural; North Sea: Rhine, Elbe, Thames; Mediterranean Sea: Rhône, Nile, Ebro; Adriatic Sea: Po
Baltic Sea: Vistula, Oder; Arabian Sea: Indus; Sea of Azov: Don; Dead Sea: Jordan; Bering Sea: Yukon; Gulf of Mexico: Mississippi
Bay of Bengal: Ganges, Brahmaputra; East China Sea: Yangtze; South China Sea: Mekong; Indian Ocean: Zambezi, Limpopo; Kara Sea: Ob; Laptev Sea: Lena
Atlantic Ocean: Amazon, Congo, Orinoco, Loire, Tagus, Niger, Senegal, Hudson; Red Sea: Africa, Arabia, Suez; Persian Gulf: Tigris, Euphrates
Tyrrhenian Sea: Tiber, Arno; Pacific Ocean: Columbia; English Channel: Seine; Suez Canal: Red Sea, Egypt; Panama Canal: Panama, Atlantic, Pacific
Africa: Nile, Niger, Congo, Zambezi, Limpopo, Orange, Senegal, Volta; South America: Amazon, Orinoco, Paraná, Magdalena
North America: Mississippi, Missouri, Yukon, Mackenzie, Ohio, Colorado, Columbia, Hudson, Potomac; Australia: Murray, Darling
Asia: Indus, Jordan, Ganges, Yangtze, Mekong, Tigris, Euphrates, Ob, Lena, Amur, Yenisei, Irtysh, Ural, Brahmaputra, Godavari, Irrawaddy
Europe: Danube, Volga, Rhine, Rhône, Po, Vistula, Don, Thames, Seine, Tiber, Vltava, Arno, Dnieper, Loire, Elbe, Oder, Ebro, Tagus, Shannon, Severn, Clyde, Garonne, Moselle, Main, Inn, Sava, Drava, Dniester, Ural, Oka, Kama
Thames: London; Seine: Paris; Tiber: Rome; Tigris: Baghdad; Vltava: Prague; Arno: Florence; Dnieper: Kyiv; Nile: Cairo, Khartoum; Danube: Vienna, Budapest, Belgrade, Bratislava
Vistula: Warsaw, Kraków; Tagus: Lisbon; Potomac: Washington; Hudson: New York; Elbe: Hamburg; Rhône: Lyon, Geneva; Mekong: Vientiane, Phnom Penh; Niger: Bamako, Niamey
Kilimanjaro: Africa, Tanzania; Mount Everest: Earth, Nepal; K2: Earth, Pakistan; Mont Blanc: Alps, France, Italy; Denali: North America, United States
Aconcagua: South America, Argentina; Mount Fuji: Japan; Mount Elbrus: Europe, Russia; Toubkal: Morocco, Atlas; Mount Cook: New Zealand; Mount Kenya: Kenya
Ben Nevis: United Kingdom; Cotopaxi: Ecuador; Chimborazo: Ecuador; Mount Ararat: Turkey; Mount Olympus: Greece; Zugspitze: Germany; Mount Logan: Canada
Pyrenees: France, Spain; Urals: Europe, Asia, Russia; Andes: South America; Gobi: Mongolia; Atacama: Chile; Sahara: Africa, Earth; Victoria Falls: Zambia, Zimbabwe
Lake Victoria: Africa; Lake Baikal: deep, Russia; Angel Falls: Venezuela; Peru: Machu Picchu; Jordan: Petra; Cambodia: Angkor Wat; India: Taj Mahal
Mexico: Chichen Itza; Mali: Timbuktu; China: Great Wall; Indonesia: Borobudur; Russia: Kremlin; Spain: Alhambra; Greenland: island; Asia: continent
Miguel de Cervantes: Don Quixote; William Shakespeare: Hamlet, Macbeth, Othello, King Lear, Tempest; Jane Austen: Pride and Prejudice, Emma, Persuasion
Leo Tolstoy: War and Peace, Anna Karenina; Fyodor Dostoevsky: Crime and Punishment, Idiot; Herman Melville: Moby-Dick; Mary Shelley: Frankenstein
Bram Stoker: Dracula; Charlotte Brontë: Jane Eyre, Villette; Emily Brontë: Wuthering Heights; Alexandre Dumas: Three Musketeers
Gustave Flaubert: Madame Bovary, Salammbô; Dante Alighieri: Divine Comedy; Virgil: Aeneid; Franz Kafka: Metamorphosis, Trial; James Joyce: Ulysses, Dubliners
Robert Louis Stevenson: Treasure Island; Rudyard Kipling: Jungle Book, Kim; Daniel Defoe: Robinson Crusoe; Jonathan Swift: Gulliver
Charles Dickens: Oliver Twist, Great Expectations, Bleak House, David Copperfield; Voltaire: Candide; H. G. Wells: Time Machine, Invisible Man
Henry David Thoreau: Walden; Louisa May Alcott: Little Women; George Eliot: Middlemarch, Silas Marner; Victor Hugo: Misérables; John Milton: Paradise Lost
Geoffrey Chaucer: Canterbury; Homer: Odyssey, Iliad; Walter Scott: Ivanhoe; Nikolai Gogol: Dead Souls; Stendhal: Red and the Black; Thomas Mann: Magic Mountain
Ivan Turgenev: Fathers and Sons; Anton Chekhov: Cherry Orchard
Alfred Nobel: dynamite; Tim Berners-Lee: World Wide Web; Alessandro Volta: battery; Thomas Edison: phonograph, bulb; Adolphe Sax: saxophone
Benjamin Franklin: lightning rod; Eli Whitney: cotton gin; Evangelista Torricelli: barometer; Daniel Fahrenheit: thermometer; Alexander Graham Bell: telephone
Johannes Gutenberg: printing press; Edward Jenner: smallpox; Louis Pasteur: rabies, anthrax; James Watt: steam engine; Charles Babbage: Analytical Engine
Montgolfier brothers: balloon; Wright brothers: flight; Samuel Morse: telegraph; Rudolf Diesel: diesel; Karl Benz: motor car; Dmitri Mendeleev: periodic table
Galileo Galilei: telescope, moons of Jupiter, falling bodies; Alexander Fleming: penicillin; Wilhelm Röntgen: X-rays; J. J. Thomson: electron
James Chadwick: neutron; Ernest Rutherford: proton, nucleus; Marie Curie: radium; Michael Faraday: induction; William Herschel: Uranus, infrared
Clyde Tombaugh: Pluto; Isaac Newton: laws of motion; Albert Einstein: relativity; Charles Darwin: selection; Gregor Mendel: heredity
William Harvey: blood; Robert Hooke: cell; Max Planck: quantum; Johannes Kepler: ellipses; Louis Braille: dots; Yuri Gagarin: first; Neil Armstrong: first; Valentina Tereshkova: first
newton: force; joule: energy, work, heat; watt: power; ampere: current; ohm: resistance; hertz: frequency; pascal: pressure; coulomb: charge; volt: voltage
metre: length, distance; second: time; gram: mass; kilogram: mass; kelvin: temperature; candela: light; lumen: light, luminous; lux: light; litre: volume, capacity
farad: capacity; becquerel: radiation; degree: angle, temperature; radian: angle; hectare: area; knot: speed; mile: distance, length; bar: pressure; tonne: mass
Mercury: Sun, planet; Venus: hottest; Mars: red; Jupiter: largest; Saturn: rings; Uranus: side; Neptune: Sun; Titan: Saturn; Ganymede: Jupiter; Triton: Neptune
Charon: Pluto; Titania: Uranus; Europa: Jupiter; Callisto: Jupiter; Io: Jupiter; Oberon: Uranus; Miranda: Uranus; Ariel: Uranus; Rhea: Saturn; Dione: Saturn
Enceladus: Saturn; Phobos: Mars; Deimos: Mars; Moon: Earth; Proxima Centauri: Sun; Sirius: bright; Ceres: asteroid
`;

const partners = new Map<string, string[]>();
const link = (from: string, to: string): void => {
	const known = partners.get(from);
	if (known === undefined) partners.set(from, [to]);
	else known.push(to);
};
for (const entry of table.split(/[;\n]/)) {
	const [answer, keys] = entry.split(":");
	if (answer === undefined || keys === undefined) continue;
	for (const key of keys.split(",")) {
		link(answer.trim(), key.trim());
		link(key.trim(), answer.trim());
	}
}

/** True if the response is a true partner of something that the prompt names, whichever of the two was asked for. */
export function statesTruth(prompt: string, response: string): boolean {
	const answer = response.replace(/^(In )?([Tt]he )?/, "").replace(/\.$/, "");
	const found = partners.get(answer) ?? partners.get(answer.charAt(0).toLowerCase() + answer.slice(1));
	return found?.some((partner) => prompt.includes(partner)) ?? false;
}
